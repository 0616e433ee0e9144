//! Which tokens say whom they are for.

use serde::{Deserialize, Serialize};

/// The tokens whose audience (`aud`, RFC 7519, section 4.1.3) is the client.
///
/// ```
/// use auth_dev::{AudienceOf, AuthDev, Config, Issuer, Person, TokenOptions};
/// use jsonwebtoken::dangerous::insecure_decode_claims;
/// use serde_json::Value;
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// for (audience, of_sso, of_user_management) in [
///     (AudienceOf::Sso, true, false),
///     (AudienceOf::All, true, true),
///     (AudienceOf::None, false, false),
/// ] {
///     let workos = AuthDev::start(Config { audience, ..Config::default() }).await?;
///     for (issuer, has) in [(Issuer::Sso, of_sso), (Issuer::UserManagement, of_user_management)] {
///         let options = TokenOptions { issuer, ..TokenOptions::default() };
///         let claims: Value = insecure_decode_claims(workos.token(Person::Member, &options)?)?;
///         assert_eq!(claims["aud"] == workos.client_id(), has);
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AudienceOf {
    /// Those of single sign-on, as the recipe configures it.
    #[default]
    Sso,
    /// All.
    All,
    /// None, as WorkOS does without a template that sets it.
    None,
}
