//! A server of a key set that is good for an hour, which counts how often it is asked and can be slow.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use tokio::net::TcpListener;

/// It answers as long as its runtime runs.
#[derive(Clone)]
pub(crate) struct KeyServer {
    address: SocketAddr,
    asked: Arc<AtomicU64>,
    delay_in_ms: Arc<AtomicU64>,
}

impl KeyServer {
    /// Serves this key set at every path.
    ///
    /// # Errors
    /// If no port is free.
    pub(crate) async fn start(key_set: String) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let server = Self {
            address: listener.local_addr()?,
            asked: Arc::default(),
            delay_in_ms: Arc::default(),
        };
        let answering = server.clone();
        let app = Router::new().fallback(move || {
            let (server, key_set) = (answering.clone(), key_set.clone());
            async move { server.answer(key_set).await }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(server)
    }

    async fn answer(self, key_set: String) -> impl IntoResponse {
        self.asked.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(self.delay_in_ms.load(Ordering::Relaxed))).await;
        ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "max-age=3600")], key_set)
    }

    /// Without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Has all further answers wait.
    pub(crate) fn delay(&self, delay: Duration) {
        let milliseconds = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        self.delay_in_ms.store(milliseconds, Ordering::Relaxed);
    }
}
