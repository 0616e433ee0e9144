//! How sessions are set up, and what cannot be meant.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use url::{Host, Url};

use super::cookie::CookieName;
use super::iron::Iron;
use super::kept::Kept;
use super::seal::Sealer;
use super::workos::WorkOsApi;
use super::{Secret, SessionConfigError, Sessions, Webhooks};
use crate::auth::Auth;
use crate::environment;
use crate::issuer::user_management_name;

/// Two weeks without a visit.
const DEFAULT_IDLE: Duration = Duration::from_secs(14 * 24 * 3600);
/// As long as WorkOS keeps a session at most.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(365 * 24 * 3600);

const WORKOS_URL: &str = "https://api.workos.com";

/// Collects the configuration of [`Sessions`]; [`build`](Self::build) checks it.
///
/// ```no_run
/// # fn build() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use auth_core::Auth;
/// use auth_core::session::{MemoryStore, Sessions};
///
/// // With several instances of the service: `RedisStore`, and `several_instances()` below.
/// let auth = Auth::from_env()?.store(MemoryStore::new()).build()?;
/// let sessions = Sessions::from_env()?
///     .previous_cookie_password(std::env::var("PREVIOUS_COOKIE_PASSWORD")?)
///     .keep_in_store()
///     // How long: without a visit, and at most.
///     .idle_timeout(Duration::from_secs(3 * 24 * 3600))
///     .lifetime(Duration::from_secs(30 * 24 * 3600))
///     // Where browsers go, and what they send.
///     .paths("/sign-in", "/sign-out", "/session")
///     .pages_sign_in()
///     .after_sign_out("https://yourdomain.com/goodbye")
///     .same_site_strict()
///     // What WorkOS tells by itself, at /auth/webhooks.
///     .webhook_secret(std::env::var("WORKOS_WEBHOOK_SECRET")?)
///     .build(&auth)?;
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct SessionsBuilder {
    client_id: String,
    api_key: Secret,
    redirect_uri: String,
    cookie_passwords: Vec<Secret>,
    api_url: String,
    after_sign_out: Option<String>,
    idle: Duration,
    lifetime: Duration,
    paths: Paths,
    pages_sign_in: bool,
    kept: Place,
    has_several_instances: bool,
    is_strict: bool,
    webhook_secrets: Vec<Secret>,
}

enum Place {
    Cookie,
    CookieOfJavaScript,
    Store,
}

/// Where the routes of sessions are. That of the callback is in the redirect URI.
pub(crate) struct Paths {
    pub(crate) sign_in: String,
    pub(crate) sign_out: String,
    pub(crate) session: String,
}

impl SessionsBuilder {
    pub(crate) fn new(
        client_id: String,
        api_key: String,
        redirect_uri: String,
        cookie_password: String,
    ) -> Self {
        Self {
            client_id,
            api_key: api_key.into(),
            redirect_uri,
            cookie_passwords: vec![cookie_password.into()],
            api_url: WORKOS_URL.to_owned(),
            after_sign_out: None,
            idle: DEFAULT_IDLE,
            lifetime: DEFAULT_LIFETIME,
            paths: Paths {
                sign_in: "/auth/sign-in".to_owned(),
                sign_out: "/auth/sign-out".to_owned(),
                session: "/auth/session".to_owned(),
            },
            pages_sign_in: false,
            kept: Place::Cookie,
            has_several_instances: false,
            is_strict: false,
            webhook_secrets: Vec::new(),
        }
    }

    pub(crate) fn from_env() -> Result<Self, SessionConfigError> {
        let builder = Self::new(
            environment::required("WORKOS_CLIENT_ID")?,
            environment::required("WORKOS_API_KEY")?,
            environment::required("WORKOS_REDIRECT_URI")?,
            environment::required("WORKOS_COOKIE_PASSWORD")?,
        );
        let url = environment::optional("WORKOS_API_URL")?;
        Ok(url.into_iter().fold(builder, Self::api_url))
    }

    /// A server that stands for `https://api.workos.com`, such as auth-dev.
    ///
    /// ```no_run
    /// # fn build() -> Result<(), Box<dyn std::error::Error>> {
    /// use auth_core::Auth;
    /// use auth_core::issuer::WorkOs;
    /// use auth_core::session::Sessions;
    ///
    /// // auth-dev on this machine. The `Auth` asks the same server.
    /// let url = "http://localhost:4100";
    /// let auth = Auth::builder().workos(WorkOs::client("client_01DEV").api_url(url)).build()?;
    /// let sessions = Sessions::from_env()?.api_url(url).build(&auth)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn api_url(mut self, url: impl Into<String>) -> Self {
        self.api_url = url.into();
        self
    }

    /// Opens cookies that were sealed with this password, too, and seals them anew with the first. So a
    /// password is changed: the new one takes the first place, the old one stays here until the
    /// sessions of then are over. Where there are several instances, all of them get the new one here
    /// before any of them gets it in the first place.
    pub fn previous_cookie_password(mut self, password: impl Into<String>) -> Self {
        self.cookie_passwords.push(password.into().into());
        self
    }

    /// Where a browser goes after signing out: one of the sign-out URIs in the WorkOS dashboard, which
    /// chooses its first otherwise.
    pub fn after_sign_out(mut self, url: impl Into<String>) -> Self {
        self.after_sign_out = Some(url.into());
        self
    }

    /// Keeps sessions in the cookie of the official JavaScript SDKs (`wos-session`), so that this service
    /// stands beside a Next.js one on the same host, with the same password: whoever signs in there is
    /// signed in here. It has no prefix that keeps other hosts of the domain from setting it, and it is
    /// not split: a session over 4096 bytes is an error.
    ///
    /// ```no_run
    /// # fn build(auth: auth_core::Auth) -> Result<(), Box<dyn std::error::Error>> {
    /// use auth_core::session::Sessions;
    ///
    /// // With the WORKOS_COOKIE_PASSWORD of the Next.js service.
    /// let sessions = Sessions::from_env()?.share_with_javascript().build(&auth)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn share_with_javascript(mut self) -> Self {
        self.kept = Place::CookieOfJavaScript;
        self
    }

    /// Keeps sessions in the store of the [`Auth`], and in the cookie only what the store knows them by:
    /// for sessions that are too long for cookies, and for those who want none of their tokens in a
    /// browser. Each request with a session then asks the store, and while it is away gets a 503.
    pub fn keep_in_store(mut self) -> Self {
        self.kept = Place::Store;
        self
    }

    /// Says that there are several instances of this service. They need a store that they share
    /// ([`AuthBuilder::store`](crate::AuthBuilder::store)), or two of them would refresh one session,
    /// which ends it: without one, [`build`](Self::build) is an error.
    ///
    /// ```no_run
    /// # #[cfg(feature = "redis")]
    /// # fn build() -> Result<(), Box<dyn std::error::Error>> {
    /// use auth_core::Auth;
    /// use auth_core::session::{RedisStore, Sessions};
    ///
    /// let store = RedisStore::new("redis://127.0.0.1:6379")?;
    /// let auth = Auth::from_env()?.store(store).build()?;
    /// let sessions = Sessions::from_env()?.several_instances().build(&auth)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn several_instances(mut self) -> Self {
        self.has_several_instances = true;
        self
    }

    /// Sets the cookie of the session with `SameSite=Strict` in place of `Lax`. A browser then sends it
    /// with nothing that another site has led to: the first page after a link in a mail, or after
    /// signing in, is that of somebody who is not signed in, until they go on from there.
    pub fn same_site_strict(mut self) -> Self {
        self.is_strict = true;
        self
    }

    /// How long somebody may stay away: 14 days. A session that was not refreshed for as long is over.
    pub fn idle_timeout(mut self, time: Duration) -> Self {
        self.idle = time;
        self
    }

    /// How long a session lasts at most, however often it is refreshed: a year.
    pub fn lifetime(mut self, time: Duration) -> Self {
        self.lifetime = time;
        self
    }

    /// Sends browsers that ask for a page without a session to sign in, and back. Everything else gets
    /// the 401.
    pub fn pages_sign_in(mut self) -> Self {
        self.pages_sign_in = true;
        self
    }

    /// Takes WorkOS's webhooks at `/auth/webhooks`, so that a session or a user that is ended there is
    /// refused here from then on. `secret` is the endpoint's, in the WorkOS dashboard under Webhooks; it
    /// may be called again while one is being replaced.
    pub fn webhook_secret(mut self, secret: impl Into<String>) -> Self {
        self.webhook_secrets.push(secret.into().into());
        self
    }

    /// The paths of the routes for signing in, signing out and asking for the session, in place of
    /// `/auth/sign-in`, `/auth/sign-out` and `/auth/session`.
    pub fn paths(
        mut self,
        sign_in: impl Into<String>,
        sign_out: impl Into<String>,
        session: impl Into<String>,
    ) -> Self {
        self.paths =
            Paths { sign_in: sign_in.into(), sign_out: sign_out.into(), session: session.into() };
        self
    }

    /// Checks the configuration. `auth` says which tokens are good.
    ///
    /// # Errors
    /// If something in it cannot be meant; the error says what to set.
    pub fn build(self, auth: &Auth) -> Result<Sessions, SessionConfigError> {
        use SessionConfigError as Wrong;
        if !self.client_id.starts_with("client_") {
            return Err(Wrong::ClientId);
        }
        let is_live = self.api_key.expose().starts_with("sk_live_");
        if !is_live && !self.api_key.expose().starts_with("sk_test_") {
            return Err(Wrong::ApiKey);
        }
        let redirect_uri = url(&self.redirect_uri).ok_or(Wrong::RedirectUri)?;
        let is_https = redirect_uri.scheme() == "https";
        if !is_https && !is_loopback(&redirect_uri) {
            return Err(Wrong::RedirectUriOverHttp);
        }
        if !is_https && is_live {
            return Err(Wrong::LiveKeyOverHttp);
        }
        let callback = redirect_uri.path().to_owned();
        let Paths { sign_in, sign_out, session } = &self.paths;
        let mut paths = [callback.as_str(), sign_in, sign_out, session, super::WEBHOOKS];
        if let Some(wrong) = paths.iter().find(|path| !is_path(path)) {
            return Err(Wrong::Path((*wrong).to_owned()));
        }
        paths.sort_unstable();
        if let Some([path, _]) = paths.windows(2).find(|pair| matches!(pair, [a, b] if a == b)) {
            return Err(Wrong::SamePath((*path).to_owned()));
        }
        let api_url = url(&self.api_url).ok_or(Wrong::ApiUrl)?;
        if api_url.scheme() != "https" && !is_loopback(&api_url) {
            return Err(Wrong::ApiUrl);
        }
        let issuer = user_management_name(self.api_url.trim_end_matches('/'), &self.client_id);
        if !auth.issuer_names().any(|name| name == issuer) {
            return Err(Wrong::Issuer(issuer));
        }
        if self.idle.is_zero() || self.lifetime.is_zero() {
            return Err(Wrong::NoTime);
        }
        let passwords: Vec<&str> = self.cookie_passwords.iter().map(Secret::expose).collect();
        let sealer = Sealer::new(&passwords).map_err(|_| Wrong::CookiePassword)?;
        let (cookie, kept) = match self.kept {
            Place::Cookie => (CookieName::ours("session", is_https), Kept::Here),
            Place::CookieOfJavaScript => {
                let iron = Iron::new(&passwords).map_err(|_| Wrong::CookiePassword)?;
                (CookieName::of_javascript(is_https), Kept::JavaScript(iron))
            }
            Place::Store => {
                let store = auth.shared().store().ok_or(Wrong::NoStore)?;
                (CookieName::ours("session", is_https), Kept::InStore(Arc::clone(store)))
            }
        };
        let cookie = if self.is_strict { cookie.strict() } else { cookie };
        if self.has_several_instances
            && !auth.shared().store().is_some_and(|store| store.is_shared())
        {
            return Err(Wrong::NotShared);
        }
        let webhooks = webhooks(&self.webhook_secrets, auth)?;
        auth.shared().begin_to_follow();
        let api = WorkOsApi::new(api_url, self.client_id, self.api_key, self.redirect_uri)
            .map_err(|error| Wrong::HttpClient(error.to_string()))?;
        Ok(Sessions::new(super::Inner {
            auth: auth.clone(),
            api,
            sealer,
            kept,
            cookie,
            is_https,
            origin: redirect_uri.origin().ascii_serialization(),
            callback,
            paths: self.paths,
            after_sign_out: self.after_sign_out,
            idle: self.idle,
            lifetime: self.lifetime,
            pages_sign_in: self.pages_sign_in,
            webhooks,
            flights: Default::default(),
        }))
    }
}

fn webhooks(secrets: &[Secret], auth: &Auth) -> Result<Option<Webhooks>, SessionConfigError> {
    let [first, others @ ..] = secrets else { return Ok(None) };
    let webhooks = Webhooks::new(first.expose()).and_then(|webhooks| {
        others.iter().try_fold(webhooks, |webhooks, secret| webhooks.also(secret.expose()))
    });
    let webhooks = webhooks.map_err(|_| SessionConfigError::WebhookSecret)?;
    Ok(Some(webhooks.shared_clock(Arc::clone(auth.clock()))))
}

/// Without its secrets.
impl fmt::Debug for SessionsBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionsBuilder").finish_non_exhaustive()
    }
}

fn url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_plain = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    is_plain.then_some(url)
}

/// What routers of all frameworks take as it is, and find again in a request.
fn is_path(path: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    path.starts_with('/') && path.len() > 1 && path.bytes().all(is_plain)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::keys::{Fetch, FetchFuture};

    const PASSWORD: &str = "a password of at least 32 characters";
    const HERE: &str = "http://localhost:3000/callback";

    struct Nothing;

    impl Fetch for Nothing {
        fn fetch<'a>(&'a self, _url: &'a str) -> FetchFuture<'a> {
            Box::pin(std::future::pending())
        }
    }

    pub(in super::super) fn build(
        builder: SessionsBuilder,
    ) -> Result<Sessions, SessionConfigError> {
        builder.build(&Auth::workos("client_01TEST").fetch(Nothing).build().unwrap())
    }

    pub(in super::super) fn good() -> SessionsBuilder {
        sessions("client_01TEST", "sk_test_SECRET", HERE, PASSWORD)
    }

    fn sessions(client: &str, key: &str, redirect_uri: &str, password: &str) -> SessionsBuilder {
        Sessions::workos(client, key, redirect_uri, password)
    }

    #[test]
    fn what_cannot_be_meant_names_the_variable_and_shows_no_secret() {
        use SessionConfigError as Wrong;
        assert!(build(good()).is_ok());
        let https = "https://app.test/callback";
        assert!(build(sessions("client_01TEST", "sk_live_SECRET", https, PASSWORD)).is_ok());
        let client = |id| sessions(id, "sk_test_SECRET", HERE, PASSWORD);
        let redirect = |uri| sessions("client_01TEST", "sk_test_SECRET", uri, PASSWORD);
        let cases = [
            (client("undefined"), Wrong::ClientId, "WORKOS_CLIENT_ID"),
            (client("sk_test_SECRET"), Wrong::ClientId, "WORKOS_CLIENT_ID"),
            (sessions("client_01TEST", "SECRET", HERE, PASSWORD), Wrong::ApiKey, "WORKOS_API_KEY"),
            (redirect("/callback"), Wrong::RedirectUri, "WORKOS_REDIRECT_URI"),
            (redirect("https://u:SECRET@app.test/callback"), Wrong::RedirectUri, "without user"),
            (redirect("http://app.test/callback"), Wrong::RedirectUriOverHttp, "use https"),
            (
                sessions("client_01TEST", "sk_live_SECRET", HERE, PASSWORD),
                Wrong::LiveKeyOverHttp,
                "`sk_live_`",
            ),
            (redirect("http://localhost:3000"), Wrong::Path("/".to_owned()), "WORKOS_REDIRECT_URI"),
            (
                redirect("http://localhost:3000/a b"),
                Wrong::Path("/a%20b".to_owned()),
                "WORKOS_REDIRECT_URI",
            ),
            (
                redirect("http://localhost:3000/auth/webhooks"),
                Wrong::SamePath("/auth/webhooks".to_owned()),
                "/auth/webhooks",
            ),
            (good().paths("/in/:id", "/out", "/me"), Wrong::Path("/in/:id".to_owned()), "`paths`"),
            (
                redirect("http://localhost:3000/auth/session"),
                Wrong::SamePath("/auth/session".to_owned()),
                "/auth/session",
            ),
            (good().api_url("http://api.test"), Wrong::ApiUrl, "WORKOS_API_URL"),
            (
                good().api_url("http://localhost:4100/"),
                Wrong::Issuer("http://localhost:4100/user_management/client_01TEST".to_owned()),
                "WORKOS_API_URL",
            ),
            (
                client("client_01OTHER"),
                Wrong::Issuer("https://api.workos.com/user_management/client_01OTHER".to_owned()),
                "WORKOS_CLIENT_ID",
            ),
            (
                sessions("client_01TEST", "sk_test_SECRET", HERE, "SECRET"),
                Wrong::CookiePassword,
                "at least 32 characters",
            ),
            (good().previous_cookie_password("SECRET"), Wrong::CookiePassword, "previous"),
            (good().idle_timeout(Duration::ZERO), Wrong::NoTime, "`idle_timeout`"),
            (good().lifetime(Duration::ZERO), Wrong::NoTime, "`lifetime`"),
            (good().keep_in_store(), Wrong::NoStore, "`Auth::builder().store(..)`"),
            (good().several_instances(), Wrong::NotShared, "RedisStore"),
            (good().webhook_secret(""), Wrong::WebhookSecret, "webhook secret"),
        ];
        for (builder, expected, named) in cases {
            assert!(!format!("{builder:?}").contains("SECRET"));
            let error = build(builder).unwrap_err();
            assert_eq!(error, expected);
            let said = error.to_string();
            assert!(said.contains(named) && !said.contains("SECRET"), "{said}");
        }
    }
}
