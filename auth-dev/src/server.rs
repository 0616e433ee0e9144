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
///
/// Everything here may be called while the server answers, from any task. What the service under test
/// sees is HTTP only; the examples have auth-core in its place.
///
/// # A token of anybody
///
/// ```
/// use auth_core::issuer::WorkOs;
/// use auth_core::policy::Authenticated;
/// use auth_core::{Auth, AuthContext, Code};
/// use auth_dev::{AuthDev, Config, Person, TokenOptions};
/// use axum::http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let workos = AuthDev::start(Config::default()).await?;
/// assert!(workos.address().ip().is_loopback());
/// assert!(workos.api_key().starts_with("sk_test_"));
///
/// let of_here = WorkOs::client(workos.client_id()).api_url(workos.url());
/// let auth = Auth::builder().workos(of_here).build()?;
/// auth.ready().await?;
///
/// let good = TokenOptions::default();
/// let expired = TokenOptions { expired: true, ..TokenOptions::default() };
/// for (options, refusal) in [(good, None), (expired, Some(Code::TokenExpired))] {
///     let token = workos.token(Person::Member, &options)?;
///     let bearer = HeaderValue::try_from(format!("Bearer {token}"))?;
///     let headers = HeaderMap::from_iter([(AUTHORIZATION, bearer)]);
///     let verification = auth.verification(&headers).await;
///     let refused = verification.require::<Authenticated>().err();
///     assert_eq!(refused.map(|error| error.code()), refusal);
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Keys that come and go
///
/// The key set is one of RFC 7517, at `/sso/jwks/<client id>`.
///
/// ```
/// use auth_dev::{AuthDev, Config};
/// use serde_json::Value;
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let workos = AuthDev::start(Config::default()).await?;
/// let key_set = format!("{}/sso/jwks/{}", workos.url(), workos.client_id());
/// let published = async || -> reqwest::Result<usize> {
///     let set: Value = reqwest::get(&key_set).await?.json().await?;
///     Ok(set["keys"].as_array().map_or(0, Vec::len))
/// };
///
/// let first = workos.signing_key();
/// let second = workos.rotate_key()?;
/// assert_eq!(workos.signing_key(), second);
/// assert_eq!(published().await?, 2, "tokens that the first has signed are still good");
///
/// assert!(workos.withdraw_key(&first));
/// assert_eq!(published().await?, 1);
///
/// // A client that fails over a key that it does not know fails now.
/// workos.publish_odd_keys(true);
/// assert!(published().await? > 1);
/// # Ok(())
/// # }
/// ```
///
/// # Outages, and what was asked for
///
/// ```
/// use auth_dev::{AuthDev, Config, Fault};
/// use axum::http::StatusCode;
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let workos = AuthDev::start(Config::default()).await?;
/// let path = format!("/sso/jwks/{}", workos.client_id());
/// let key_set = format!("{}{path}", workos.url());
/// let ask = async || reqwest::get(&key_set).await.map(|answer| answer.status());
///
/// let status = Some(StatusCode::SERVICE_UNAVAILABLE);
/// workos.fail(Fault { status, count: None, ..Fault::at(&path) });
/// assert_eq!(ask().await?, StatusCode::SERVICE_UNAVAILABLE);
/// workos.heal();
/// assert_eq!(ask().await?, StatusCode::OK);
///
/// // A service that keeps the keys for longer would have asked once.
/// assert_eq!(workos.requests(&path), 2);
/// assert_eq!(workos.all_requests().into_keys().collect::<Vec<_>>(), [path]);
/// # Ok(())
/// # }
/// ```
///
/// # The time
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use auth_dev::{AuthDev, Config};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let workos = AuthDev::start(Config::default()).await?;
/// let in_2030 = SystemTime::UNIX_EPOCH + Duration::from_secs(1_893_456_000);
///
/// // For a test whose own clock stands still.
/// workos.stop_clock(in_2030);
/// assert_eq!(workos.now(), in_2030);
///
/// // From here on, it goes.
/// workos.set_clock(in_2030);
/// workos.advance_clock(Duration::from_secs(301));
/// assert!(workos.now() >= in_2030 + Duration::from_secs(301), "tokens of before are expired");
/// # Ok(())
/// # }
/// ```
///
/// # A sign-in without a browser, and its end
///
/// ```
/// use auth_dev::{AuthDev, Config, Person};
/// use jsonwebtoken::dangerous::insecure_decode_claims;
/// use reqwest::redirect::Policy;
/// use serde_json::{Value, json};
/// use url::Url;
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let workos = AuthDev::start(Config::default()).await?;
/// let http = reqwest::Client::builder().redirect(Policy::none()).build()?;
/// let api = format!("{}/user_management", workos.url());
///
/// // Where a service sends a browser, but for the hint.
/// let query = [
///     ("client_id", workos.client_id()),
///     ("redirect_uri", "http://localhost:3000/callback"),
///     ("response_type", "code"),
///     ("provider", "authkit"),
///     ("login_hint", Person::Admin.email()),
/// ];
/// let authorize = Url::parse_with_params(&format!("{api}/authorize"), query)?;
/// let answer = http.get(authorize).send().await?;
/// let callback = Url::parse(answer.headers()["location"].to_str()?)?;
/// let code = callback.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code);
///
/// // What the service does with the code.
/// let grant = json!({
///     "grant_type": "authorization_code",
///     "client_id": workos.client_id(),
///     "client_secret": workos.api_key(),
///     "code": code,
/// });
/// let authenticate = http.post(format!("{api}/authenticate")).json(&grant);
/// let session: Value = authenticate.send().await?.json().await?;
/// let claims: Value = insecure_decode_claims(session["access_token"].as_str().unwrap_or_default())?;
/// let (session_id, user_id) = (claims["sid"].as_str(), claims["sub"].as_str());
///
/// assert!(session_id.is_some_and(|id| workos.revoke_session(id)));
/// assert!(session_id.is_some_and(|id| !workos.revoke_session(id)), "it has ended");
/// assert!(user_id.is_some_and(|id| workos.delete_user(id)));
/// # Ok(())
/// # }
/// ```
pub struct AuthDev {
    environment: Arc<Environment>,
    address: SocketAddr,
    serving: JoinHandle<io::Result<()>>,
}

impl AuthDev {
    /// Makes a key and starts to serve.
    ///
    /// # Errors
    /// [`Error::Config`] if the configuration cannot be used, [`Error::Listen`] if the port is taken,
    /// [`Error::Key`] if no key can be made.
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

    /// An access token (a JWT, RFC 7519, signed with RS256) of a user, as after a sign-in, but for the
    /// `options`. The user is named by id, by address, or by what is before the `@`.
    ///
    /// # Errors
    /// [`Error::NoUser`] and [`Error::SeveralUsers`] about the name, [`Error::NoMember`] about the
    /// organization, [`Error::Template`] if the JWT template makes no claims for this user, and
    /// [`Error::Key`] if the key does not sign.
    pub fn token(&self, user: impl AsRef<str>, options: &TokenOptions) -> Result<String, Error> {
        self.environment.token(user.as_ref(), options)
    }

    /// Signs with a new key from now on; gives its `kid`. Those before stay in the key set until they
    /// are [withdrawn](Self::withdraw_key).
    ///
    /// # Errors
    /// [`Error::Key`] if no key can be made.
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

    /// How often a path was asked for, whatever the query, those of `/_dev/` aside. The first 1,000
    /// paths are counted.
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

    /// Serves until the listener fails: what a program does that is nothing but this server.
    ///
    /// ```no_run
    /// use auth_dev::{AuthDev, Config};
    ///
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let workos = AuthDev::start(Config { port: 4100, ..Config::default() }).await?;
    /// println!("WORKOS_API_URL={}", workos.url());
    /// workos.serve().await?;
    /// # Ok(())
    /// # }
    /// ```
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
