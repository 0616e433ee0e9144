//! What stands before a WorkOS, and holds up calls for tokens until it is opened.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::redis_server::PATIENCE;

const CALL: &[u8] = b"POST /user_management/authenticate";

#[derive(Clone)]
pub(crate) struct Door {
    reached: Arc<Semaphore>,
    open: Arc<Semaphore>,
}

impl Door {
    /// Closed, where everybody looks for the server.
    pub(crate) fn at(listener: TcpListener, server: SocketAddr) -> Self {
        let door = Self { reached: Arc::new(Semaphore::new(0)), open: Arc::new(Semaphore::new(0)) };
        let opened = door.clone();
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                tokio::spawn(opened.clone().carry(client, server));
            }
        });
        door
    }

    /// Until a call waits before it.
    pub(crate) async fn is_reached(&self) {
        let reached = tokio::time::timeout(PATIENCE, self.reached.acquire()).await;
        reached.expect("nobody has asked for tokens").unwrap().forget();
    }

    /// For one call.
    pub(crate) fn open(&self) {
        self.open.add_permits(1);
    }

    /// What a client and the server say to each other.
    async fn carry(self, client: TcpStream, server: SocketAddr) {
        let server = TcpStream::connect(server).await.unwrap();
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = server.into_split();
        let requests = async {
            let mut bytes = vec![0; 64 * 1024];
            while let Ok(len @ 1..) = from_client.read(&mut bytes).await {
                if bytes[..len].starts_with(CALL) {
                    self.reached.add_permits(1);
                    self.open.acquire().await.unwrap().forget();
                }
                if to_server.write_all(&bytes[..len]).await.is_err() {
                    break;
                }
            }
        };
        let _ = tokio::join!(requests, copy(&mut from_server, &mut to_client));
    }
}
