//! A server that stands for WorkOS.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::config::Config;
use crate::environment::Environment;
use crate::error::Error;
use crate::faults::Fault;
use crate::http;
use crate::token::TokenOptions;

/// A running server. It stops when this is dropped.
pub struct AuthDev {
    environment: Arc<Environment>,
    address: SocketAddr,
    serving: JoinHandle<io::Result<()>>,
}

impl AuthDev {
    /// Makes a key and starts to serve.
    ///
    /// # Errors
    /// If the configuration cannot be used, the port is taken or no key can be made.
    pub async fn start(config: Config) -> Result<Self, Error> {
        let template = config.check()?;
        let wanted = SocketAddr::from((config.address, config.port));
        let cannot_listen = |cause| Error::Listen { address: wanted, cause };
        let listener = TcpListener::bind(wanted).await.map_err(cannot_listen)?;
        let address = listener.local_addr().map_err(cannot_listen)?;
        let url = config.url.clone().unwrap_or_else(|| url_of(address));

        let environment = Arc::new(Environment::new(url, config, template)?);
        let service = http::service(Arc::clone(&environment));
        let serving = tokio::spawn(async move { axum::serve(listener, service).await });
        Ok(Self { environment, address, serving })
    }

    /// The URL that stands for `https://api.workos.com`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.environment.url
    }

    /// Where the server listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The client that tokens are for.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.environment.config.client_id
    }

    /// The API key of the client.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.environment.config.api_key
    }

    /// An access token of a user, as after a sign-in, but for the `options`. The user is named by
    /// id, by address, or by what is before the `@`.
    ///
    /// # Errors
    /// If there is no such user, several have this before the `@`, or the key does not sign.
    pub fn token(&self, user: impl AsRef<str>, options: &TokenOptions) -> Result<String, Error> {
        self.environment.token(user.as_ref(), options)
    }

    /// Signs with a new key from now on; gives its `kid`. Those before stay in the key set until they
    /// are [withdrawn](Self::withdraw_key).
    ///
    /// # Errors
    /// If no key can be made.
    pub fn rotate_key(&self) -> Result<String, Error> {
        Ok(self.environment.keys.rotate()?)
    }

    /// The `kid` of the key that signs.
    #[must_use]
    pub fn signing_key(&self) -> String {
        self.environment.keys.signing().id().to_owned()
    }

    /// Takes a key out of the key set; `false` if it is not in it. The key that signs goes on to sign.
    pub fn withdraw_key(&self, kid: &str) -> bool {
        self.environment.keys.withdraw(kid)
    }

    /// Publishes keys beside the good ones that clients have to pass over: of other kinds, for other
    /// uses, and broken ones.
    pub fn publish_odd_keys(&self, publish: bool) {
        self.environment.keys.publish_odd_keys(publish);
    }

    /// Lets something go wrong. Faults of the same path come one after the other; one whose path has
    /// no slash at its start, whose count is 0, or that has a body and no status, never strikes.
    pub fn fail(&self, fault: Fault) {
        self.environment.faults.add(fault);
    }

    /// Lets nothing go wrong any more.
    pub fn heal(&self) {
        self.environment.faults.clear();
    }

    /// How often a path was asked for, those of `/_dev/` aside. The first 1,000 paths are counted.
    #[must_use]
    pub fn requests(&self, path: &str) -> u64 {
        self.environment.requests.of(path)
    }

    /// How often each path was asked for.
    #[must_use]
    pub fn all_requests(&self) -> BTreeMap<String, u64> {
        self.environment.requests.all()
    }

    /// What time it is here.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.environment.clock.now()
    }

    /// Sets the clock, which then goes on. Codes, tokens and sessions live by it. It goes from 1970 to
    /// the end of 9999: another time sets it to the nearer of them.
    pub fn set_clock(&self, time: SystemTime) {
        self.environment.clock.set(time);
    }

    /// Sets the clock, and lets it stand still until it is set again: for a test whose own clock stands
    /// still, too.
    pub fn stop_clock(&self, time: SystemTime) {
        self.environment.clock.stop(time);
    }

    /// Sets the clock ahead, to the end of 9999 at the furthest.
    pub fn advance_clock(&self, by: Duration) {
        self.environment.clock.advance(by);
    }

    /// Ends a session, and tells the webhook; `false` if there is none of this id.
    pub fn revoke_session(&self, session_id: &str) -> bool {
        self.environment.end_session(session_id)
    }

    /// Deletes a user with all sessions, and tells the webhook; `false` if there is none of this id.
    pub fn delete_user(&self, user_id: &str) -> bool {
        self.environment.delete_user(user_id)
    }

    /// Serves until the listener fails.
    ///
    /// # Errors
    /// What the listener says.
    pub async fn serve(mut self) -> io::Result<()> {
        (&mut self.serving).await?
    }
}

/// An address that stands for all of a machine's is none to send a client to.
fn url_of(address: SocketAddr) -> String {
    match address.ip().is_unspecified() {
        true => format!("http://localhost:{}", address.port()),
        false => format!("http://{address}"),
    }
}

impl Drop for AuthDev {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
