//! Why a configuration cannot be used.

use std::time::Duration;

use crate::template::TemplateError;

/// Why a configuration cannot be used. What it says names the part, what stands there, and the mend; no
/// secret is in it.
///
/// ```
/// use auth_dev::{AuthDev, Config, ConfigError, Error};
///
/// /// The part of a seed file that a form would mark.
/// fn part(error: &ConfigError) -> &str {
///     match error {
///         ConfigError::Toml(_) => "",
///         ConfigError::ClientId(_) => "client_id",
///         ConfigError::ApiKey => "api_key",
///         ConfigError::Uri { name, uri: _ } | ConfigError::Origin { name, url: _ } => name,
///         ConfigError::TokenLifetime(_) => "token_lifetime",
///         ConfigError::Issuers => "issuers",
///         ConfigError::SameOrganization(_) => "organizations",
///         ConfigError::Email(_) | ConfigError::SameUser(_) => "users",
///         ConfigError::Organization { user: _, organization: _ } => "users",
///         ConfigError::Template(_) => "jwt_template",
///         _ => "",
///     }
/// }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// for (seed, expected) in [
///     ("client_id = 'undefined'", "client_id"),
///     ("redirect_uris = ['/callback']", "redirect_uris"),
///     ("cors_origins = ['http://localhost:5173/']", "cors_origins"),
///     ("token_lifetime = '0s'", "token_lifetime"),
///     ("users = [{ email = 'ada' }]", "users"),
/// ] {
///     match AuthDev::start(Config::from_toml(seed)?).await {
///         Err(Error::Config(error)) => assert_eq!(part(&error), expected, "{error}"),
///         _ => panic!("{seed} can be meant"),
///     }
/// }
/// assert!(matches!(Config::from_toml("clientid = 'client_01A'"), Err(ConfigError::Toml(_))));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// It is no TOML, or has names that mean nothing here.
    #[error("{0}")]
    Toml(String),
    /// No client is called like this.
    #[error("{0:?} is no client id: write `client_` and then letters and digits")]
    ClientId(String),
    /// The API key could be one of WorkOS's own.
    #[error(
        "the API key (not shown) does not begin with `sk_test_`: make one up that does, and keep \
         keys of WorkOS itself out of here"
    )]
    ApiKey,
    /// Nobody can be sent there.
    #[error("{name}: {uri:?} is no http or https URL without user and fragment")]
    Uri {
        /// The part of the configuration.
        name: &'static str,
        /// What stands there.
        uri: String,
    },
    /// It is more than a scheme, a host and a port.
    #[error("{name}: {url:?} is no origin: write scheme, host and port, with no slash at the end")]
    Origin {
        /// The part of the configuration.
        name: &'static str,
        /// What stands there.
        url: String,
    },
    /// Tokens would live for no time, or for ever.
    #[error(
        "token_lifetime: {} is not between 1 second and 1 year",
        humantime::format_duration(*.0)
    )]
    TokenLifetime(Duration),
    /// It has no `@` with something on each side.
    #[error("users: {0:?} is no e-mail address")]
    Email(String),
    /// Whoever issues a token could not be told by its name.
    #[error("issuers: two issuers have two names, and neither is empty")]
    Issuers,
    /// Two organizations have the same id.
    #[error("two organizations are called {0:?}: give one of them another `id`")]
    SameOrganization(String),
    /// Two users have the same id or address.
    #[error("two users are called {0:?}: give one of them another `id` or `email`")]
    SameUser(String),
    /// A user is a member of an organization that is not there.
    #[error("{user} is a member of {organization:?}, which is not among `organizations`")]
    Organization {
        /// The user's address.
        user: String,
        /// The organization's id.
        organization: String,
    },
    /// The JWT template is none.
    #[error("jwt_template: {0}")]
    Template(#[source] TemplateError),
}
