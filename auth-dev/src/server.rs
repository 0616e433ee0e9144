//! The server: WorkOS's paths, and `/_dev/` for what WorkOS has no path for.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{Router, get, post};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::authenticate::{Grants, authenticate, new_session_id};
use crate::authorize::authorize;
use crate::key::{KeyError, SigningKey};
use crate::people::Person;
use crate::token::{self, TokenOptions};

const KEY_ID: &str = "sso_oidc_key_pair_01DEV";

/// Where the server listens and for which client.
#[derive(Clone, Debug)]
pub struct Config {
    /// The port on 127.0.0.1; 0 for any that is free.
    pub port: u16,
    /// The WorkOS client that all tokens are for.
    pub client_id: String,
}

impl Default for Config {
    fn default() -> Self {
        Self { port: 0, client_id: "client_01DEV".to_owned() }
    }
}

/// A running server. It stops when this is dropped.
pub struct AuthDev {
    workos: Arc<WorkOs>,
    serving: JoinHandle<io::Result<()>>,
}

/// What the server knows.
pub(crate) struct WorkOs {
    pub(crate) url: String,
    pub(crate) client_id: String,
    pub(crate) grants: Grants,
    key: SigningKey,
    /// Has the name of `key`, and is in no key set.
    foreign_key: SigningKey,
}

/// Why the server does not start or a token is not made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address is not to be had.
    #[error("cannot listen on {address}: {cause}; is another server running there?")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// A key cannot be made or does not sign.
    #[error("a key cannot be made or does not sign: {0}")]
    Key(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        Self::Key(Box::new(error))
    }
}

impl AuthDev {
    /// Makes keys and starts to serve on the loopback interface.
    ///
    /// # Errors
    /// If the port is taken or no key can be made.
    pub async fn start(config: Config) -> Result<Self, Error> {
        let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, config.port));
        let cannot_listen = |cause| Error::Listen { address: wanted, cause };
        let listener = TcpListener::bind(wanted).await.map_err(cannot_listen)?;
        let address = listener.local_addr().map_err(cannot_listen)?;

        let workos = Arc::new(WorkOs {
            url: format!("http://{address}"),
            client_id: config.client_id,
            grants: Grants::default(),
            key: SigningKey::generate(KEY_ID)?,
            foreign_key: SigningKey::generate(KEY_ID)?,
        });
        let routes = routes(Arc::clone(&workos));
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(Self { workos, serving })
    }

    /// The URL that stands for `https://api.workos.com`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.workos.url
    }

    /// The client that tokens are for.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.workos.client_id
    }

    /// An access token of a person, as after a sign-in, but for the `options`.
    ///
    /// # Errors
    /// If the key does not sign.
    pub fn token(&self, person: Person, options: &TokenOptions) -> Result<String, Error> {
        Ok(self.workos.access_token(&new_session_id(), person, options)?)
    }

    /// Serves until the listener fails.
    ///
    /// # Errors
    /// What the listener says.
    pub async fn serve(mut self) -> io::Result<()> {
        (&mut self.serving).await?
    }
}

impl Drop for AuthDev {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl WorkOs {
    pub(crate) fn access_token(
        &self,
        session_id: &str,
        person: Person,
        options: &TokenOptions,
    ) -> Result<String, KeyError> {
        let claims = token::claims(&self.url, &self.client_id, session_id, person, options);
        let key = if options.forged { &self.foreign_key } else { &self.key };
        key.sign(&claims)
    }
}

fn routes(workos: Arc<WorkOs>) -> Router {
    Router::new()
        .route("/sso/jwks/{client_id}", get(key_set))
        .route("/user_management/authorize", get(authorize))
        .route("/user_management/authenticate", post(authenticate))
        .route("/_dev/token/{person}", get(dev_token))
        .layer(from_fn(refuse_strangers))
        .with_state(workos)
}

async fn refuse_strangers(request: Request, next: Next) -> Response {
    if is_from_stranger(request.headers()) {
        let body = "auth-dev answers to programs on this machine, and to browsers that sign in";
        return (StatusCode::MISDIRECTED_REQUEST, body).into_response();
    }
    let mut response = next.run(request).await;
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Web pages reach this machine too. One whose own name points here (DNS rebinding) is a stranger,
/// and so is one that loads a token as a script or an image; it may send a browser here to sign in.
fn is_from_stranger(headers: &HeaderMap) -> bool {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let host = header("host").and_then(|host| host.parse::<Authority>().ok());
    let to_us = host.is_some_and(|host| matches!(host.host(), "localhost" | "127.0.0.1" | "[::1]"));
    let loaded_by_a_page = header("sec-fetch-mode") == Some("no-cors")
        && !matches!(header("sec-fetch-site"), Some("same-origin" | "none"));
    !to_us || loaded_by_a_page
}

async fn key_set(State(workos): State<Arc<WorkOs>>, Path(client_id): Path<String>) -> Response {
    if client_id != workos.client_id {
        let message = format!("there is no client {client_id}; here is {}", workos.client_id);
        return (StatusCode::NOT_FOUND, Json(json!({ "message": message }))).into_response();
    }
    let set = json!({ "keys": [workos.key.to_jwk()] });
    ([(CONTENT_TYPE, "application/jwk-set+json")], set.to_string()).into_response()
}

/// A token as plain text, for `curl` and for the command `auth-dev token`.
async fn dev_token(
    State(workos): State<Arc<WorkOs>>,
    Path(person): Path<Person>,
    Query(options): Query<TokenOptions>,
) -> Result<([(HeaderName, &'static str); 1], String), StatusCode> {
    let token = workos.access_token(&new_session_id(), person, &options);
    let token = token.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(([(CACHE_CONTROL, "no-store")], token))
}
