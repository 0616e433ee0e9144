//! What cannot be meant in the configuration of an [`Auth`](crate::Auth).

use std::fmt;
use std::time::Duration;

use crate::environment::Missing;

/// Why an [`Auth`](crate::Auth) cannot be built.
///
/// ```
/// use auth_core::{Auth, ConfigError};
///
/// let error = Auth::workos("undefined").build().unwrap_err();
/// assert!(matches!(error, ConfigError::ClientId(_)));
/// assert!(error.to_string().contains("set WORKOS_CLIENT_ID"));
/// ```
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A variable is missing.
    #[error("{0} is not set; `auth-dev serve` prints values for this machine")]
    NotSet(&'static str),
    /// A variable is no text.
    #[error("{0} is not UTF-8: set it to text")]
    NotUtf8(&'static str),
    /// The client id cannot be one.
    #[error(
        "{shown} is no WorkOS client id: set WORKOS_CLIENT_ID to the one in the dashboard under \
         API Keys, `client_` followed by letters and digits",
        shown = without_secrets(.0)
    )]
    ClientId(String),
    /// Nobody can have a mail address there.
    #[error(
        "{0:?} cannot be the domain of administrators: give a domain name such as `yourdomain.com`, \
         without `@`, wildcard or non-ASCII letters"
    )]
    AdminDomain(String),
    /// Administrators are to be made by somebody who is not trusted.
    #[error(
        "administrators are to be made by {0:?}, which is no issuer of this configuration: give \
         `admin_issuer` a name that `issuer_names` lists, to the letter"
    )]
    AdminIssuer(String),
    /// Keys cannot be had from there safely.
    #[error(
        "{shown} cannot be a URL for keys: give an https URL (http only for this machine) without \
         user and query; that of WorkOS has no slash at the end",
        shown = without_secrets(.0)
    )]
    Url(String),
    /// A client would be led there.
    #[error(
        "{shown} cannot stand in the metadata of this service: give an https URL (http only for this \
         machine) without user, query and fragment",
        shown = without_secrets(.0)
    )]
    ResourceUrl(String),
    /// There is nobody to trust.
    #[error("no issuer is configured: call `Auth::workos` or `AuthBuilder::issuer`")]
    NoIssuer,
    /// An issuer's name or audience is empty, and would match where nothing is said.
    #[error("an issuer has an empty name or audience: give the exact `iss` and `aud`")]
    EmptyName,
    /// A token could be judged by the rules of two issuers.
    #[error("two issuers are called {0:?}: remove one, or the alias")]
    DuplicateIssuer(String),
    /// Expired tokens would be accepted for too long.
    #[error("a leeway of {0:?} is too long: give at most 60 seconds, and set the clock")]
    Leeway(Duration),
    /// Withdrawn keys would be accepted for too long.
    #[error("keys cannot be used for {0:?} while their server fails: give at most a day")]
    Stale(Duration),
    /// The HTTP client that ships with this crate does not start.
    #[error("the HTTP client does not start: {0}; are the system's CA certificates installed?")]
    HttpClient(crate::keys::FetchError),
    /// Nothing can fetch keys.
    #[error(
        "nothing can fetch keys: enable the feature `http-client` of auth-core, or call \
         `AuthBuilder::fetch`"
    )]
    NoFetch,
}

impl From<Missing> for ConfigError {
    fn from(missing: Missing) -> Self {
        match missing {
            Missing::NotSet(name) => Self::NotSet(name),
            Missing::NotUtf8(name) => Self::NotUtf8(name),
        }
    }
}

/// What stands here by mistake may be an API key or a password.
fn without_secrets(text: &str) -> String {
    if text.starts_with("sk_") || text.contains('@') {
        "what was given (not shown, it looks like a secret)".to_owned()
    } else {
        format!("{text:?}")
    }
}

/// As it is displayed, which shows no secret.
impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
