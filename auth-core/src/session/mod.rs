//! Sessions: sign in, stay in, sign out.
//!
//! A browser gets a cookie in which its tokens are sealed. To guards it is one more way to bear an
//! access token, and every rule about tokens holds: what is in the cookie is verified as if it had come
//! in a header.
//!
//! ```no_run
//! # #[cfg(feature = "axum")]
//! # async fn start() -> Result<(), Box<dyn std::error::Error>> {
//! use auth_core::Auth;
//! use auth_core::axum::Router;
//! use auth_core::session::Sessions;
//!
//! // WORKOS_CLIENT_ID, WORKOS_API_KEY, WORKOS_REDIRECT_URI, WORKOS_COOKIE_PASSWORD
//! let auth = Auth::from_env()?.build()?;
//! let sessions = Sessions::from_env()?.build(&auth)?;
//! let app = Router::new()
//!     // ... the service's own routes ...
//!     .sessions(&sessions)
//!     .with_state(auth)
//!     .finish()?;
//! # Ok(())
//! # }
//! ```
//!
//! The routes are `/auth/sign-in`, the path of the redirect URI, `/auth/sign-out` and `/auth/session`.

mod admit;
mod auth;
mod config;
mod config_error;
mod cookie;
mod csrf;
mod data;
mod head;
mod iron;
mod kept;
mod one_refresh;
mod presented;
mod refresh;
mod return_path;
mod revocation;
mod routes;
mod seal;
mod secret;
mod shared;
mod store;
mod transaction;
mod webhook;
mod workos;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use config::SessionsBuilder;
pub use config_error::SessionConfigError;
pub use return_path::return_path;
pub use store::{Cursor, Fence, MemoryStore, Revocation, Revoked, Store, StoreError, StoreFuture};
#[cfg(feature = "redis")]
pub use store::{RedisStore, RedisUrlError};
pub use webhook::{NoWebhookSecret, WebhookError, WebhookEvent, WebhookEventKind, Webhooks};

pub(crate) use data::SessionData;
#[cfg(feature = "actix")]
pub(crate) use head::Head;
pub(crate) use presented::{Looked, Presented};
pub(crate) use revocation::{Follower, Following, Revocations};
pub(crate) use routes::{Answer, AnswerBody, PAGE_POLICY};
pub(crate) use secret::Secret;
pub(crate) use shared::Shared;

#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
#[cfg(test)]
mod test_clock;

use crate::auth::Auth;

/// Where webhooks come to.
pub(crate) const WEBHOOKS: &str = "/auth/webhooks";

/// The sessions of a service, built once and shared. There is an [example](self), with the
/// configuration [`from_env`](Self::from_env).
#[derive(Clone)]
pub struct Sessions(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) auth: Auth,
    api: workos::WorkOsApi,
    /// For sign-ins that are under way.
    sealer: seal::Sealer,
    kept: kept::Kept,
    cookie: cookie::CookieName,
    is_https: bool,
    /// Of this service, as browsers know it.
    origin: String,
    /// The path of the redirect URI.
    pub(crate) callback: String,
    pub(crate) paths: config::Paths,
    after_sign_out: Option<String>,
    idle: Duration,
    lifetime: Duration,
    pages_sign_in: bool,
    webhooks: Option<Webhooks>,
    flights: refresh::Flights,
}

impl Sessions {
    /// The configuration in the environment: `WORKOS_CLIENT_ID`, `WORKOS_API_KEY`,
    /// `WORKOS_REDIRECT_URI`, `WORKOS_COOKIE_PASSWORD`, and `WORKOS_API_URL` where something else
    /// stands for WorkOS.
    ///
    /// ```no_run
    /// use auth_core::Auth;
    /// use auth_core::session::Sessions;
    ///
    /// # fn start() -> Result<(), Box<dyn std::error::Error>> {
    /// let auth = Auth::from_env()?.build()?;
    /// let sessions = Sessions::from_env()?.pages_sign_in().build(&auth)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If a variable is missing or no text.
    pub fn from_env() -> Result<SessionsBuilder, SessionConfigError> {
        SessionsBuilder::from_env()
    }

    /// The configuration from elsewhere.
    ///
    /// `redirect_uri` is where WorkOS sends a browser back to: it is configured in the dashboard, and
    /// its path is served here. `cookie_password` seals the cookies: at least 32 characters, the same
    /// on all instances of the service.
    ///
    /// ```no_run
    /// # fn start() -> Result<(), Box<dyn std::error::Error>> {
    /// use auth_core::Auth;
    /// use auth_core::session::Sessions;
    ///
    /// let client_id = "client_01ABCDEFGHJKMNPQRS";
    /// let auth = Auth::workos(client_id).build()?;
    /// // From wherever the service has its secrets; never from its code.
    /// let (api_key, password) = (std::fs::read_to_string("key")?, std::fs::read_to_string("password")?);
    /// let redirect_uri = "https://yourdomain.com/auth/callback";
    /// let sessions = Sessions::workos(client_id, api_key, redirect_uri, password)
    ///     .pages_sign_in()
    ///     .build(&auth)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn workos(
        client_id: impl Into<String>,
        api_key: impl Into<String>,
        redirect_uri: impl Into<String>,
        cookie_password: impl Into<String>,
    ) -> SessionsBuilder {
        SessionsBuilder::new(
            client_id.into(),
            api_key.into(),
            redirect_uri.into(),
            cookie_password.into(),
        )
    }

    /// Ends a session (the claim `sid`), whoever has it: its tokens are refused here at once, at other
    /// instances that share the store within 2 seconds, and WorkOS refreshes it no more.
    ///
    /// ```no_run
    /// # async fn f(sessions: &auth_core::session::Sessions) {
    /// if let Err(error) = sessions.end("session_01ABCDEFGHJKMNPQRS").await {
    ///     eprintln!("it is over here, and not yet everywhere: {error}");
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    /// If others do not hear of it, or WorkOS cannot be asked. Its tokens are refused here all the same;
    /// call it again for the rest.
    pub async fn end(&self, session_id: &str) -> Result<(), EndError> {
        self.0.end(session_id).await
    }

    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    pub(crate) fn inner(&self) -> &Arc<Inner> {
        &self.0
    }
}

/// Why a session has not ended everywhere.
///
/// ```no_run
/// use auth_core::session::{EndError, Sessions};
///
/// async fn end(sessions: &Sessions, id: &str) {
///     match sessions.end(id).await {
///         Ok(()) => println!("it is over"),
///         Err(EndError::Store(error)) => println!("other instances take it still: {error}"),
///         Err(EndError::WorkOs(error)) => println!("WorkOS refreshes it still: {error}"),
///         Err(error) => println!("{error}"),
///     }
/// }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EndError {
    /// Other instances do not hear of it yet.
    #[error("other instances do not hear of it yet: {0}")]
    Store(#[from] StoreError),
    /// It could be refreshed.
    #[error("it has not ended at WorkOS: {0}")]
    WorkOs(String),
}

/// Without its secrets.
impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").field("origin", &self.0.origin).finish_non_exhaustive()
    }
}
