//! An organization.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

/// Customers of a service, as WorkOS groups them.
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
