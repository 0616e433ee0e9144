//! The handle that a service holds.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

use crate::builder::AuthBuilder;
use crate::clock::Clock;
use crate::config_error::ConfigError;
use crate::credential::{self, Bearer};
use crate::decision::Audit;
use crate::error::AuthError;
use crate::identity::Identity;
use crate::issuer::WorkOs;
use crate::keys::KeySet;
use crate::metrics;
use crate::policy::AdminRule;
#[cfg(any(feature = "actix", feature = "axum"))]
use crate::protected_resource::Metadata;
use crate::verify::{Cache, NotNow, Verified, Verifier, with_keys};

/// Everything that guards need, built once and shared. Put it into the state of the router:
///
/// ```no_run
/// # #[cfg(feature = "http-client")]
/// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
/// use auth_core::Auth;
/// use auth_core::issuer::Issuer;
///
/// let auth = Auth::workos("client_01ABCDEFGHJKMNPQRS").admin_domain("yourdomain.com").build()?;
/// auth.ready().await?;
///
/// // For a page of operators.
/// println!("tokens of {:?}", auth.issuer_names().collect::<Vec<_>>());
/// for (url, keys) in auth.key_sets() {
///     println!("{url}: {:?}", keys.key_ids().collect::<Vec<_>>());
/// }
///
/// // For another issuer than WorkOS.
/// let auth = Auth::builder().issuer(Issuer::discover("https://issuer.example", "my-api")).build()?;
/// # let _ = auth;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Auth(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) verifier: Verifier,
    pub(crate) cache: Cache,
    pub(crate) admin_rule: Arc<AdminRule>,
    /// The URL that challenges name.
    pub(crate) resource_metadata: Option<Arc<str>>,
    #[cfg(any(feature = "actix", feature = "axum"))]
    pub(crate) metadata: Option<Metadata>,
    pub(crate) audit: Option<Arc<dyn Audit>>,
    #[cfg(all(feature = "session", any(feature = "actix", feature = "axum")))]
    pub(crate) shared: crate::session::Shared,
}

impl Auth {
    /// Accepts the tokens of a WorkOS client: of single sign-on and of User Management.
    ///
    /// `client_id` is the one of the environment, `client_` and letters or digits.
    pub fn workos(client_id: impl Into<String>) -> AuthBuilder {
        Self::builder().workos(WorkOs::client(client_id))
    }

    /// The same, with the client id in the variable `WORKOS_CLIENT_ID`, and in `WORKOS_API_URL` what
    /// stands for `https://api.workos.com`, if something does.
    ///
    /// ```no_run
    /// use auth_core::Auth;
    ///
    /// let auth = Auth::from_env()?.admin_domain("yourdomain.com").build()?;
    /// # Ok::<(), auth_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the client id is missing, or a variable is no text.
    pub fn from_env() -> Result<AuthBuilder, ConfigError> {
        AuthBuilder::from_env()
    }

    /// Accepts the tokens of the issuers that are added.
    pub fn builder() -> AuthBuilder {
        AuthBuilder::new()
    }

    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    #[cfg(all(feature = "session", any(feature = "actix", feature = "axum")))]
    pub(crate) fn shared(&self) -> &crate::session::Shared {
        &self.0.shared
    }

    /// The clock that decides about tokens.
    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        self.0.verifier.clock()
    }

    /// Waits until the keys of all issuers are loaded, or the first of them cannot be: at most 5
    /// seconds for each. A service that starts without waiting recovers by itself, and answers 503
    /// until then.
    ///
    /// # Errors
    /// If a key set cannot be loaded.
    pub async fn ready(&self) -> Result<(), NotReady> {
        #[cfg(all(feature = "session", any(feature = "actix", feature = "axum")))]
        if let Err(error) = self.0.shared.follow().await {
            tracing::error!(%error, "revocations by other instances are not seen yet");
        }
        for keys in self.0.verifier.key_sets() {
            keys.ready().await.map_err(|cause| NotReady {
                url: keys.source().url().to_owned(),
                cause: cause.to_string(),
            })?;
        }
        Ok(())
    }

    /// The names (`iss`) that tokens are accepted of, to the octet.
    pub fn issuer_names(&self) -> impl Iterator<Item = &str> {
        self.0.verifier.issuer_names()
    }

    /// Where the keys come from, and those that are there: none before the first load.
    pub fn key_sets(&self) -> impl Iterator<Item = (&str, KeySet)> {
        self.0.verifier.key_sets().iter().map(|keys| (keys.source().url(), keys.current()))
    }

    /// How far the clocks of issuers and this machine may differ.
    pub(crate) fn leeway(&self) -> Duration {
        self.0.verifier.leeway()
    }

    pub(crate) fn resource_metadata(&self) -> Option<&Arc<str>> {
        self.0.resource_metadata.as_ref()
    }

    /// What this service tells of itself.
    #[cfg(any(feature = "actix", feature = "axum"))]
    pub(crate) fn metadata(&self) -> Option<&Metadata> {
        self.0.metadata.as_ref()
    }

    pub(crate) fn audit(&self) -> Option<&dyn Audit> {
        self.0.audit.as_deref()
    }

    /// The time of day, by the clock that decides about tokens.
    pub(crate) fn now(&self) -> SystemTime {
        self.clock().now()
    }

    /// Whether the two are clones of each other.
    #[cfg(any(feature = "actix", feature = "axum"))]
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Who sends a request with these headers; `None` if they bear no credential.
    ///
    /// Guards call this. It is for places that have no guard, such as a message queue. It needs a
    /// Tokio runtime, on which key sets are fetched.
    ///
    /// ```
    /// # async fn f(auth: auth_core::Auth) -> Result<(), auth_core::AuthError> {
    /// let mut headers = http::HeaderMap::new();
    /// headers.insert("authorization", "Bearer of.bad.news".parse().unwrap());
    /// let refusal = auth.authenticate(&headers).await.unwrap_err();
    /// assert_eq!(refusal.code(), auth_core::Code::TokenMalformed);
    ///
    /// assert!(auth.authenticate(&http::HeaderMap::new()).await?.is_none());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If there is a credential and it is not good.
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<Option<Identity>, AuthError> {
        with_keys(|| self.authenticate_now(values(headers))).await
    }

    /// Who sends a request with these values of `Authorization`, unless a key has to be fetched.
    pub(crate) fn authenticate_now<'a>(
        &self,
        credentials: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Option<Identity>, NotNow> {
        let identity = match credential::bearer(credentials) {
            Ok(Some(bearer)) => {
                self.identify(bearer).and_then(|caller| self.unless_revoked(caller))
            }
            Ok(None) => Ok(None),
            Err(error) => Err(error.into()),
        };
        identity.map_err(|reason| match reason {
            NotNow::Refused(error) => error.with_resource_metadata(self.resource_metadata()).into(),
            fetch_due => fetch_due,
        })
    }

    /// Asked each time, whether or not the token is known.
    fn unless_revoked(&self, caller: Identity) -> Result<Option<Identity>, NotNow> {
        #[cfg(all(feature = "session", any(feature = "actix", feature = "axum")))]
        if self.0.shared.refuses(&caller) {
            let error = AuthError::new(crate::error::Code::TokenRevoked);
            return Err(error
                .because("its session, or all of its user's, has been revoked")
                .into());
        }
        Ok(Some(caller))
    }

    fn identify(&self, bearer: Bearer<'_>) -> Result<Identity, NotNow> {
        let Inner { verifier, cache, admin_rule, .. } = &*self.0;
        let known = cache.get(bearer.bytes(), |standing| verifier.counts(standing));
        metrics::looked_up(known.is_some());
        if let Some(known) = known {
            return Ok(known);
        }
        let token = bearer.token()?;
        let verified = verifier.verify(token).map_err(|reason| match reason {
            NotNow::Refused(error) => NotNow::Refused(bearer.blamed_for(error)),
            fetch_due => fetch_due,
        });
        let Verified { claims, key, standing } = verified?;
        let (admin_rule, clock) = (Arc::clone(admin_rule), Arc::clone(verifier.clock()));
        let identity = Identity::new(claims, Some(key), admin_rule, clock);
        cache.insert(token.as_bytes(), &identity, standing, |standing| verifier.counts(standing));
        Ok(identity)
    }
}

pub(crate) fn values(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    headers.get_all(AUTHORIZATION).iter().map(HeaderValue::as_bytes)
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let urls: Vec<&str> =
            self.0.verifier.key_sets().iter().map(|keys| keys.source().url()).collect();
        f.debug_struct("Auth").field("key_sets", &urls).finish_non_exhaustive()
    }
}

/// A key set that is not there at start.
///
/// ```no_run
/// # async fn start(auth: auth_core::Auth) -> Result<(), auth_core::NotReady> {
/// // A deployment that should rather fail than answer 503 for a while.
/// auth.ready().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
#[error(
    "the key set at {url} cannot be loaded: {cause}; check the client id (WORKOS_CLIENT_ID), and \
     that this machine can reach the server"
)]
pub struct NotReady {
    url: String,
    cause: String,
}
