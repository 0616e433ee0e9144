//! What cannot be meant in the configuration of sessions.

use crate::environment::Missing;

/// Why sessions cannot be set up. No secret is ever in it.
///
/// ```
/// # #[cfg(feature = "http-client")]
/// # fn build() -> Result<(), Box<dyn std::error::Error>> {
/// use auth_core::Auth;
/// use auth_core::session::{SessionConfigError, Sessions};
///
/// let auth = Auth::workos("client_01ABCDEFGHJKMNPQRS").build()?;
/// let in_the_clear = Sessions::workos(
///     "client_01ABCDEFGHJKMNPQRS",
///     "sk_test_XXXXXXXXXXXXXXXX",
///     "http://yourdomain.com/auth/callback",
///     "a password of at least 32 characters",
/// );
/// let error = in_the_clear.build(&auth).unwrap_err();
/// assert_eq!(error, SessionConfigError::RedirectUriOverHttp);
/// assert!(error.to_string().contains("use https"));
/// # Ok(())
/// # }
/// # #[cfg(feature = "http-client")]
/// # build().unwrap();
/// ```
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionConfigError {
    /// A variable is missing.
    #[error("{0} is not set; `auth-dev serve` prints values for this machine")]
    NotSet(&'static str),
    /// A variable is no text.
    #[error("{0} is not UTF-8: set it to text")]
    NotUtf8(&'static str),
    /// No client is called like this.
    #[error(
        "WORKOS_CLIENT_ID is no client id: it begins with `client_`, in the dashboard under API Keys"
    )]
    ClientId,
    /// No API key looks like this.
    #[error("WORKOS_API_KEY is no API key: it begins with `sk_test_` or `sk_live_`")]
    ApiKey,
    /// The redirect URI is no URL.
    #[error("WORKOS_REDIRECT_URI is no http or https URL without user, query and fragment")]
    RedirectUri,
    /// Codes would be sent in the clear.
    #[error("WORKOS_REDIRECT_URI is http and not on this machine: use https")]
    RedirectUriOverHttp,
    /// Real sessions would be sent in the clear.
    #[error(
        "WORKOS_API_KEY is of production (`sk_live_`), and WORKOS_REDIRECT_URI is http: use https, or a `sk_test_` key"
    )]
    LiveKeyOverHttp,
    /// No route can be there.
    #[error(
        "a route of sessions cannot be at {0} (WORKOS_REDIRECT_URI, or `paths`): give a path that begins with a slash and has letters, digits and `-._~` in it"
    )]
    Path(String),
    /// Two routes would be at the same path.
    #[error(
        "two routes of sessions have the path {0}: choose another with `paths`, or in WORKOS_REDIRECT_URI"
    )]
    SamePath(String),
    /// WorkOS cannot be there.
    #[error(
        "WORKOS_API_URL is no https URL (http only for this machine) without user, query and fragment"
    )]
    ApiUrl,
    /// Guards would refuse whoever has signed in.
    #[error(
        "no issuer of the `Auth` is called {0}, as the tokens of these sessions say: give the same \
         client id and the same URL of WorkOS (WORKOS_CLIENT_ID, WORKOS_API_URL) to both; \
         `Auth::from_env` reads them as `Sessions::from_env` does"
    )]
    Issuer(String),
    /// Every session would be over as soon as it begins.
    #[error("sessions would be over at once: give `idle_timeout` and `lifetime` some time")]
    NoTime,
    /// Cookies would not be safe.
    #[error(
        "WORKOS_COOKIE_PASSWORD, or a previous one, is too short: make one of at least 32 characters, `openssl rand -base64 32`"
    )]
    CookiePassword,
    /// Sessions have no place.
    #[error(
        "sessions are to be kept in a store, and there is none: give the `Auth` one with \
         `Auth::builder().store(..)`"
    )]
    NoStore,
    /// Instances would end each other's sessions.
    #[error(
        "there are several instances, and no store that they share: give each `Auth` one with \
         `Auth::builder().store(RedisStore::new(..)?)`"
    )]
    NotShared,
    /// Anybody could send webhooks.
    #[error("a webhook secret is empty: it is in the WorkOS dashboard under Webhooks")]
    WebhookSecret,
    /// The HTTP client does not start.
    #[error("the HTTP client does not start: {0}; are the system's CA certificates installed?")]
    HttpClient(String),
}

impl From<Missing> for SessionConfigError {
    fn from(missing: Missing) -> Self {
        match missing {
            Missing::NotSet(name) => Self::NotSet(name),
            Missing::NotUtf8(name) => Self::NotUtf8(name),
        }
    }
}
