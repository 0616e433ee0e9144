//! What the two issuers are called.

use serde::Deserialize;

/// What the issuers are called. `{url}` and `{client_id}` stand for those of the server.
///
/// WorkOS has been seen with and without a slash at the end, with `/sso/{client_id}` and with a
/// domain of one's own.
///
/// ```
/// use auth_dev::{AuthDev, Config, Issuer, IssuerNames, Person, TokenOptions};
/// use jsonwebtoken::dangerous::insecure_decode_claims;
/// use serde_json::Value;
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let issuers = IssuerNames {
///     sso: "{url}/sso/{client_id}".to_owned(),
///     user_management: "https://auth.acme.test".to_owned(),
/// };
/// let workos = AuthDev::start(Config { issuers, ..Config::default() }).await?;
///
/// let sso = TokenOptions { issuer: Issuer::Sso, ..TokenOptions::default() };
/// let claims: Value = insecure_decode_claims(workos.token(Person::Member, &sso)?)?;
/// assert_eq!(claims["iss"], format!("{}/sso/client_01DEV", workos.url()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IssuerNames {
    /// Single sign-on: `{url}/`.
    pub sso: String,
    /// User Management: `{url}/user_management/{client_id}`.
    pub user_management: String,
}

impl Default for IssuerNames {
    fn default() -> Self {
        Self {
            sso: "{url}/".to_owned(),
            user_management: "{url}/user_management/{client_id}".to_owned(),
        }
    }
}
