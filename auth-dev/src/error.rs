//! Why there is no server, or no token.

use std::io;
use std::net::SocketAddr;

use crate::config::ConfigError;
use crate::key::KeyError;
use crate::template::TemplateError;

/// Why the server does not start or a token is not made.
///
/// ```
/// use auth_dev::{AuthDev, Config, Error, TemplateError, TokenOptions};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let running = AuthDev::start(Config::default()).await?;
/// let same_port = Config { port: running.address().port(), ..Config::default() };
/// let another = match AuthDev::start(same_port).await {
///     Err(Error::Listen { address, cause }) => {
///         eprintln!("{address} is not to be had ({cause}): taking any that is");
///         AuthDev::start(Config::default()).await?
///     }
///     // Another port mends neither.
///     Err(error @ (Error::Config(_) | Error::Key(_))) => return Err(error.into()),
///     started => started?,
/// };
/// assert_ne!(another.url(), running.url());
///
/// let workos = AuthDev::start(Config::from_toml(
///     r#"
///     jwt_template = '{"name": "{{user.metadata}}"}'
///     users = [{ email = "ada@acme.test" }, { email = "ada@other.test", id = "user_02" }]
///     "#,
/// )?)
/// .await?;
/// let refused = |who: &str, options: &TokenOptions| workos.token(who, options).unwrap_err();
/// let usual = TokenOptions::default();
/// let elsewhere = TokenOptions { organization: Some("org_01".to_owned()), ..usual.clone() };
///
/// assert!(matches!(refused("bob", &usual), Error::NoUser(name) if name == "bob"));
/// assert!(matches!(refused("ada", &usual), Error::SeveralUsers(name) if name == "ada"));
/// assert!(matches!(
///     refused("user_02", &elsewhere),
///     Error::NoMember { user, organization } if user == "ada@other.test" && organization == "org_01"
/// ));
/// assert!(matches!(
///     refused("user_02", &usual),
///     Error::Template(TemplateError::ObjectInString)
/// ));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address is not to be had.
    #[error("cannot listen on {address}: {cause}; {}", mend_of(cause))]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A key cannot be made or does not sign.
    #[error("a key cannot be made or does not sign: {0}")]
    Key(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Nobody is called like this.
    #[error("there is no user {0:?}: give an id, an address, or what is before the @ of one")]
    NoUser(String),
    /// Several have this before the `@` of their addresses.
    #[error("several are called `{0}`: give the address")]
    SeveralUsers(String),
    /// The user is not in that organization.
    #[error("{user} is no member of {organization}")]
    NoMember {
        /// The user's address.
        user: String,
        /// The organization's id.
        organization: String,
    },
    /// The JWT template makes no claims for this user.
    #[error("the JWT template fails for this user: {0}")]
    Template(#[source] TemplateError),
}

fn mend_of(cause: &io::Error) -> &'static str {
    match cause.kind() {
        io::ErrorKind::AddrInUse => "is another server running there?",
        _ => "take an address of this machine, and a port that may be taken",
    }
}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        Self::Key(Box::new(error))
    }
}
