//! A server for key sets that can misbehave in every way that a server can, and counts who asks.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Behaviour {
    /// Answers with a status, further header lines, and a body.
    Answer { status: &'static str, headers: String, body: Vec<u8> },
    /// Says nothing.
    HangBeforeHeaders,
    /// Says that there is a body, and sends none.
    HangBeforeBody,
    /// Closes the connection without a word.
    Close,
    /// Resets the connection.
    Reset,
    /// Announces more than it sends.
    Truncate(Vec<u8>),
    /// Sends a body without an end, as fast as it is read.
    Endless,
    /// Sends a byte now and then, for ever.
    Drip,
}

impl Behaviour {
    /// A key set as it should be.
    pub(crate) fn key_set(jwks: &[serde_json::Value]) -> Self {
        Self::json(&serde_json::json!({ "keys": jwks }).to_string())
    }

    pub(crate) fn json(body: &str) -> Self {
        Self::answer("200 OK", "content-type: application/json\r\n", body.as_bytes())
    }

    pub(crate) fn answer(status: &'static str, headers: &str, body: &[u8]) -> Self {
        Self::Answer { status, headers: headers.to_owned(), body: body.to_vec() }
    }
}

/// A running server. It stops when this is dropped.
pub(crate) struct KeyServer {
    pub(crate) url: String,
    requests: Arc<AtomicUsize>,
    behaviour: Arc<Mutex<Behaviour>>,
    serving: tokio::task::JoinHandle<()>,
}

impl KeyServer {
    pub(crate) async fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/jwks", listener.local_addr().unwrap());
        let requests = Arc::new(AtomicUsize::new(0));
        let behaviour = Arc::new(Mutex::new(behaviour));
        let (counter, current) = (Arc::clone(&requests), Arc::clone(&behaviour));
        let serving = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (counter, current) = (Arc::clone(&counter), Arc::clone(&current));
                tokio::spawn(async move {
                    // A client that hangs up is no matter.
                    let _ = serve(stream, &counter, &current).await;
                });
            }
        });
        Self { url, requests, behaviour, serving }
    }

    /// What the server does from now on.
    pub(crate) fn behave(&self, behaviour: Behaviour) {
        *self.behaviour.lock().unwrap() = behaviour;
    }

    /// How many requests there were so far.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

impl Drop for KeyServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// A port on which nobody completes a connection: its queue is full, and further ones hang.
pub(crate) struct FullPort {
    pub(crate) url: String,
    _listener: socket2::Socket,
    _queued: Vec<socket2::Socket>,
}

impl FullPort {
    pub(crate) fn open() -> Self {
        use socket2::{Domain, Socket, Type};

        let socket = || Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        let listener = socket();
        let any_port = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        listener.bind(&any_port.into()).unwrap();
        listener.listen(0).unwrap();
        let address = listener.local_addr().unwrap();
        let queued = (0..4).map(|_| {
            let queued = socket();
            queued.set_nonblocking(true).unwrap();
            // Under way is all that it will ever be.
            let _ = queued.connect(&address);
            queued
        });
        let queued = queued.collect();
        let url = format!("http://{}/jwks", address.as_socket().unwrap());
        Self { url, _listener: listener, _queued: queued }
    }
}

async fn serve(
    mut stream: TcpStream,
    requests: &AtomicUsize,
    behaviour: &Mutex<Behaviour>,
) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(stream.read_u8().await?);
    }
    requests.fetch_add(1, Ordering::SeqCst);

    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
    let behaviour = behaviour.lock().unwrap().clone();
    match behaviour {
        Behaviour::Answer { status, headers, body } => {
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(&body).await
        }
        Behaviour::HangBeforeHeaders => std::future::pending().await,
        Behaviour::HangBeforeBody => {
            stream.write_all(format!("{head}content-length: 10\r\n\r\n").as_bytes()).await?;
            std::future::pending().await
        }
        Behaviour::Close => Ok(()),
        Behaviour::Reset => socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)),
        Behaviour::Truncate(body) => {
            let head = format!("{head}content-length: {}\r\n\r\n", body.len() + 1);
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(&body).await
        }
        Behaviour::Endless => {
            stream.write_all(format!("{head}\r\n").as_bytes()).await?;
            loop {
                stream.write_all(&[b' '; 65_536]).await?;
            }
        }
        Behaviour::Drip => {
            stream.write_all(format!("{head}\r\n").as_bytes()).await?;
            loop {
                stream.write_all(b" ").await?;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}
