//! An organization.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

/// Customers of a service, as WorkOS groups them.
///
/// ```
/// use auth_dev::{AuthDev, Config, Membership, Organization, TokenOptions, User};
/// use jsonwebtoken::dangerous::insecure_decode_claims;
/// use serde_json::{Value, json};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let acme = Organization {
///     id: "org_01ACME".to_owned(),
///     name: "Acme".to_owned(),
///     domains: vec!["acme.test".to_owned()],
///     external_id: Some("customer-7".to_owned()),
///     metadata: [("tier".to_owned(), "gold".to_owned())].into(),
///     entitlements: vec!["audit-logs".to_owned()],
///     feature_flags: vec!["beta".to_owned()],
/// };
/// let roles: [&str; 0] = [];
/// let ada = User {
///     memberships: vec![Membership::new(&acme.id, roles)],
///     ..User::new("ada@acme.test")
/// };
/// let workos = AuthDev::start(Config {
///     jwt_template: r#"{ "tier": {{organization.metadata.tier}} }"#.to_owned(),
///     organizations: vec![acme],
///     users: vec![ada],
///     ..Config::default()
/// })
/// .await?;
///
/// let claims: Value = insecure_decode_claims(workos.token("ada", &TokenOptions::default())?)?;
/// assert_eq!((&claims["org_id"], &claims["tier"]), (&json!("org_01ACME"), &json!("gold")));
/// assert_eq!(claims["entitlements"], json!(["audit-logs"]));
/// assert_eq!(claims["feature_flags"], json!(["beta"]));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// What tokens call it (`org_id`), such as `org_01ACME`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The domains that belong to it.
    #[serde(default)]
    pub domains: Vec<String>,
    /// What the application calls it.
    #[serde(default)]
    pub external_id: Option<String>,
    /// What the application has noted of it.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// What it has bought: the claim `entitlements`.
    #[serde(default)]
    pub entitlements: Vec<String>,
    /// What is switched on for it: the claim `feature_flags`.
    #[serde(default)]
    pub feature_flags: Vec<String>,
}

impl Organization {
    /// As the API shows it.
    pub(crate) fn to_json(&self) -> Value {
        let domains: Vec<Value> = self
            .domains
            .iter()
            .map(|domain| {
                json!({
                    "object": "organization_domain",
                    "id": format!("org_domain_{domain}"),
                    "organization_id": self.id,
                    "domain": domain,
                    "state": "verified",
                })
            })
            .collect();
        json!({
            "object": "organization",
            "id": self.id,
            "name": self.name,
            "domains": domains,
            "external_id": self.external_id,
            "metadata": self.metadata,
            "allow_profiles_outside_organization": false,
            "created_at": super::CREATED_AT,
            "updated_at": super::CREATED_AT,
        })
    }
}
