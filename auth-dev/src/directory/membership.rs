//! That somebody is in an organization.

use serde::Deserialize;

/// That a user belongs to an organization, and as what.
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
