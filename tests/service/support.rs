//! What the tests share: a service on a real socket, and a client that says plainly what came back.

use std::time::Duration;

use ::auth_dev::AuthDev;
use auth_core::axum::App;
use auth_core::issuer::WorkOs;
use auth_core::{Auth, AuthBuilder, AuthError, Identity};
use reqwest::header::{HeaderMap, WWW_AUTHENTICATE};
use reqwest::{Client, Method};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::api::AppState;
use crate::posts::Posts;

/// The configuration of a service whose WorkOS is `workos` and whose administrators are at
/// `example.com`.
pub(crate) fn auth(workos: &AuthDev) -> AuthBuilder {
    Auth::builder()
        .workos(WorkOs::client(workos.client_id()).api_url(workos.url()))
        .admin_domain("example.com")
}

/// The example's service, without what it has for browsers.
pub(crate) fn example(auth: Auth) -> App {
    let state = AppState { auth, posts: Posts::new() };
    crate::api::routes().with_state(state).finish().unwrap()
}

/// Serves for the rest of the test; gives the URL without a slash at the end.
pub(crate) async fn serve(app: App) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

/// What came back for a request.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The status and, for a refusal, its code.
    pub(crate) fn outcome(&self) -> (u16, Option<String>) {
        let code = serde_json::from_str::<Value>(&self.body).ok();
        let code = code.and_then(|body| Some(body.get("code")?.as_str()?.to_owned()));
        (self.status, code)
    }

    pub(crate) fn challenge(&self) -> Option<&str> {
        Some(self.headers.get(WWW_AUTHENTICATE)?.to_str().unwrap())
    }
}

pub(crate) async fn send(method: &str, url: String, token: Option<&str>) -> Answer {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let mut request = Client::new().request(method, url);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.unwrap();
    Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: response.text().await.unwrap(),
    }
}

/// Who sends a token, without a service around it.
pub(crate) async fn authenticate(auth: &Auth, token: &str) -> Result<Option<Identity>, AuthError> {
    let mut headers = http::HeaderMap::new();
    headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    auth.authenticate(&headers).await
}

pub(crate) fn outcome(result: Result<Option<Identity>, AuthError>) -> String {
    match result {
        Ok(identity) => if identity.is_some() { "accepted" } else { "nobody" }.to_owned(),
        Err(error) => error.code().to_string(),
    }
}

pub(crate) async fn eventually(condition: impl Fn() -> bool) {
    let waited = tokio::time::timeout(Duration::from_secs(20), async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    waited.await.expect("in 20 seconds");
}
