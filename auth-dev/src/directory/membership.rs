//! That somebody is in an organization.

use serde::Deserialize;

/// That a user belongs to an organization, and as what.
///
/// What a role permits stands in [`Config::roles`](crate::Config::roles), for all organizations.
///
/// ```
/// use auth_dev::{AuthDev, Config, Membership, TokenOptions};
/// use jsonwebtoken::dangerous::insecure_decode_claims;
/// use serde_json::{Value, json};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut config = Config::from_toml(
///     r#"
///     roles.editor = ["posts:read", "posts:write"]
///     organizations = [{ id = "org_01ACME", name = "Acme" }, { id = "org_02", name = "Other" }]
///     users = [{ email = "ada@acme.test", memberships = [{ organization = "org_02" }] }]
///     "#,
/// )?;
/// let memberships = &mut config.users[0].memberships;
/// assert_eq!((memberships[0].organization.as_str(), memberships[0].roles.len()), ("org_02", 0));
/// memberships.push(Membership::new("org_01ACME", ["editor", "viewer"]));
/// let workos = AuthDev::start(config).await?;
///
/// let in_acme =
///     TokenOptions { organization: Some("org_01ACME".to_owned()), ..TokenOptions::default() };
/// let claims: Value = insecure_decode_claims(workos.token("ada", &in_acme)?)?;
/// assert_eq!(claims["role"], "editor");
/// assert_eq!(claims["roles"], json!(["editor", "viewer"]));
/// assert_eq!(claims["permissions"], json!(["posts:read", "posts:write"]));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Membership {
    /// The organization's id.
    pub organization: String,
    /// The roles there; the first is the claim `role`.
    #[serde(default)]
    pub roles: Vec<String>,
}

impl Membership {
    /// A membership with these roles.
    pub fn new<R: Into<String>>(
        organization: impl Into<String>,
        roles: impl IntoIterator<Item = R>,
    ) -> Self {
        let roles = roles.into_iter().map(Into::into).collect();
        Self { organization: organization.into(), roles }
    }
}
