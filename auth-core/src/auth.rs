//! The handle that a service holds, and how it is built.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, Uri};

use crate::clock::{Clock, SystemClock};
use crate::credential;
use crate::error::AuthError;
use crate::identity::Identity;
use crate::issuer::{ClientId, Issuer};
use crate::keys::{Fetch, RemoteKeys};
use crate::policy::{AdminRule, Domain};
use crate::verify::Verifier;

const WORKOS_API_URL: &str = "https://api.workos.com";

/// How long [`Auth::ready`] waits.
const READY_LIMIT: Duration = Duration::from_secs(10);

/// Everything that guards need, built once and shared. Put it into the state of the router:
///
/// ```no_run
/// # #[cfg(feature = "http-client")]
/// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
/// let auth = auth_core::Auth::workos("client_01ABCDEFGHJKMNPQRS")
///     .admin_domain("yourdomain.com")
///     .build()?;
/// auth.ready().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Auth(Arc<Inner>);

struct Inner {
    verifier: Verifier,
    admin_rule: Arc<AdminRule>,
}

impl Auth {
    /// Accepts the tokens of a WorkOS client: of single sign-on and of User Management.
    ///
    /// `client_id` is the one of the environment, `client_` and letters or digits.
    pub fn workos(client_id: impl Into<String>) -> AuthBuilder {
        AuthBuilder {
            client_id: client_id.into(),
            api_url: WORKOS_API_URL.to_owned(),
            admin_domains: Vec::new(),
            fetch: None,
            clock: None,
        }
    }

    /// Waits until the issuers' keys are loaded, at most 10 seconds. A service that starts without
    /// waiting recovers by itself, and answers 503 until then.
    ///
    /// # Errors
    /// If a key set cannot be loaded.
    pub async fn ready(&self) -> Result<(), NotReady> {
        for keys in self.0.verifier.key_sets() {
            let not_ready = |cause: String| NotReady {
                url: keys.url().to_owned(),
                cause,
            };
            match tokio::time::timeout(READY_LIMIT, keys.ready()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return Err(not_ready(error.to_string())),
                Err(_elapsed) => return Err(not_ready("no answer within 10 seconds".to_owned())),
            }
        }
        Ok(())
    }

    /// Who sends a request with these headers; `None` if they bear no credential.
    ///
    /// Guards call this. It is for places that have no guard, such as a message queue. It needs a
    /// Tokio runtime, on which key sets are fetched.
    ///
    /// # Errors
    /// If there is a credential and it is not good.
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<Option<Identity>, AuthError> {
        let Some(token) = credential::bearer(headers)? else {
            return Ok(None);
        };
        let claims = self.0.verifier.verify(token).await?;
        Ok(Some(Identity::new(claims, Arc::clone(&self.0.admin_rule))))
    }
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let urls: Vec<&str> = self.0.verifier.key_sets().map(|keys| keys.url()).collect();
        f.debug_struct("Auth")
            .field("key_sets", &urls)
            .finish_non_exhaustive()
    }
}

/// Collects the configuration of an [`Auth`]; [`build`](Self::build) checks it.
#[must_use]
pub struct AuthBuilder {
    client_id: String,
    api_url: String,
    admin_domains: Vec<String>,
    fetch: Option<Arc<dyn Fetch>>,
    clock: Option<Arc<dyn Clock>>,
}

impl AuthBuilder {
    /// People with a verified address in this domain are administrators. Sub-domains are other
    /// domains. May be called again for a further one; without any, nobody is an administrator.
    pub fn admin_domain(mut self, domain: impl Into<String>) -> Self {
        self.admin_domains.push(domain.into());
        self
    }

    /// Takes another server for WorkOS: a custom authentication domain, or `auth-dev` on this
    /// machine. No slash at the end.
    pub fn api_url(mut self, url: impl Into<String>) -> Self {
        self.api_url = url.into();
        self
    }

    /// Fetches key sets in another way than over HTTPS.
    pub fn fetch(mut self, fetch: impl Fetch) -> Self {
        self.fetch = Some(Arc::new(fetch));
        self
    }

    /// Tells time in another way than by this machine's clock.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Checks the configuration. Nothing is fetched yet.
    ///
    /// # Errors
    /// If something in it cannot be meant; the error says what to set.
    pub fn build(self) -> Result<Auth, ConfigError> {
        let client_id = ClientId::parse(&self.client_id)
            .ok_or_else(|| ConfigError::ClientId(self.client_id.clone()))?;
        if !is_api_url(&self.api_url) {
            return Err(ConfigError::ApiUrl(self.api_url));
        }
        let domains: Result<Vec<Domain>, ConfigError> = self
            .admin_domains
            .into_iter()
            .map(|domain| Domain::parse(&domain).ok_or(ConfigError::AdminDomain(domain)))
            .collect();
        let admin_rule = Arc::new(AdminRule::new(domains?));

        let fetch = self.fetch.map_or_else(shipped_fetch, Ok)?;
        let clock = self
            .clock
            .unwrap_or_else(|| Arc::new(SystemClock::default()));
        let [sso, user_management] = Issuer::workos(&self.api_url, &client_id);
        let keys = RemoteKeys::new(sso.key_set_url().to_owned(), fetch, Arc::clone(&clock));
        let issuers = vec![(sso, Arc::clone(&keys)), (user_management, keys)];

        Ok(Auth(Arc::new(Inner {
            verifier: Verifier::new(issuers, clock),
            admin_rule,
        })))
    }
}

impl fmt::Debug for AuthBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthBuilder")
            .field("client_id", &self.client_id)
            .field("api_url", &self.api_url)
            .field("admin_domains", &self.admin_domains)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "http-client")]
fn shipped_fetch() -> Result<Arc<dyn Fetch>, ConfigError> {
    let fetch = crate::keys::HttpFetch::new().map_err(ConfigError::HttpClient)?;
    Ok(Arc::new(fetch))
}

#[cfg(not(feature = "http-client"))]
fn shipped_fetch() -> Result<Arc<dyn Fetch>, ConfigError> {
    Err(ConfigError::NoFetch)
}

/// An origin, with a path or without, that keys can be had from safely: `https`, or this machine.
fn is_api_url(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else {
        return false;
    };
    let Some(authority) = uri.authority() else {
        return false;
    };
    let safe = match uri.scheme_str() {
        Some("https") => true,
        Some("http") => matches!(authority.host(), "127.0.0.1" | "[::1]" | "localhost"),
        _ => false,
    };
    let plain = !url.ends_with('/') && uri.query().is_none() && !authority.as_str().contains('@');
    safe && plain && !url.contains('#')
}

/// Why an [`Auth`] cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The client id cannot be one.
    #[error(
        "{0:?} is no WorkOS client id: set WORKOS_CLIENT_ID to the one in the dashboard under API \
         Keys, `client_` followed by letters and digits"
    )]
    ClientId(String),
    /// Nobody can have a mail address there.
    #[error(
        "{0:?} cannot be the domain of administrators: give a domain name such as `yourdomain.com`, \
         without `@`, wildcard or non-ASCII letters"
    )]
    AdminDomain(String),
    /// Keys cannot be had from there safely.
    #[error(
        "{0:?} cannot be the URL of the WorkOS API: give an https URL (http only for this machine) \
         without user, query and slash at the end"
    )]
    ApiUrl(String),
    /// The HTTP client that ships with this crate does not start.
    #[error("the HTTP client does not start: {0}; are the system's CA certificates installed?")]
    HttpClient(#[source] crate::keys::FetchError),
    /// Nothing can fetch keys.
    #[error(
        "nothing can fetch keys: enable the feature `http-client` of auth-core, or call \
         `AuthBuilder::fetch`"
    )]
    NoFetch,
}

/// A key set that is not there at start.
#[derive(Debug, thiserror::Error)]
#[error(
    "the key set at {url} cannot be loaded: {cause}; check the client id, and that this machine can \
     reach the server"
)]
pub struct NotReady {
    url: String,
    cause: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configuration_that_cannot_be_meant_is_an_error() {
        let build = |client_id: &str, api_url: &str, domain: &str| {
            Auth::workos(client_id)
                .api_url(api_url)
                .admin_domain(domain)
                .fetch(Nothing)
                .build()
        };
        let (id, url, domain) = ("client_01TEST", "https://auth.example.com", "example.com");
        assert!(build(id, url, domain).is_ok());
        assert!(build(id, "http://127.0.0.1:4100", domain).is_ok());
        assert!(build(id, "http://localhost:4100", domain).is_ok());

        for client_id in [
            "",
            "undefined",
            "client_",
            "client_01 X",
            "sk_test_01X",
            "client_../x",
        ] {
            let error = build(client_id, url, domain).unwrap_err();
            assert!(matches!(error, ConfigError::ClientId(_)), "{client_id}");
            assert!(
                error.to_string().contains("set WORKOS_CLIENT_ID"),
                "{error}"
            );
        }
        for api_url in [
            "",
            "api.workos.com",
            "http://api.workos.com",
            "http://127.0.0.1.evil.com",
            "https://api.workos.com/",
            "https://user@api.workos.com",
            "https://api.workos.com?x",
            "https://api.workos.com#x",
            "file:///etc/keys",
            "data:,x",
        ] {
            let error = build(id, api_url, domain).unwrap_err();
            assert!(matches!(error, ConfigError::ApiUrl(_)), "{api_url}");
        }
        for domain in ["", "com", "@example.com", "*.example.com"] {
            let error = build(id, url, domain).unwrap_err();
            assert!(matches!(error, ConfigError::AdminDomain(_)), "{domain}");
        }
    }

    struct Nothing;

    impl Fetch for Nothing {
        fn fetch<'a>(&'a self, _url: &'a str) -> crate::keys::FetchFuture<'a> {
            Box::pin(std::future::pending())
        }
    }
}
