//! A user.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Membership, StepUp};

/// Somebody who can sign in.
///
/// [`new`](Self::new) knows only the address; a [`Person`](super::Person) is somebody ready-made.
///
/// ```
/// use auth_dev::{AuthDev, Config, Membership, Organization, TokenOptions, User};
/// use jsonwebtoken::dangerous::insecure_decode_claims;
/// use serde_json::Value;
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let ada = User {
///     first_name: Some("Ada".to_owned()),
///     last_name: Some("Example".to_owned()),
///     profile_picture_url: Some("https://acme.test/ada.png".to_owned()),
///     external_id: Some("customer-7".to_owned()),
///     locale: Some("en-GB".to_owned()),
///     metadata: [("team".to_owned(), "blue".to_owned())].into(),
///     memberships: vec![Membership::new("org_01ACME", ["editor"])],
///     ..User::new("ada@acme.test")
/// };
/// assert_eq!(ada.id, "user_01DEVADA");
///
/// let eve = User { email_verified: false, ..User::new("eve@acme.test") };
/// assert_eq!((eve.email.as_str(), eve.step_up), ("eve@acme.test", None));
///
/// let acme = Organization {
///     id: "org_01ACME".to_owned(),
///     name: "Acme".to_owned(),
///     ..Organization::default()
/// };
/// let users = vec![ada, eve];
/// let workos =
///     AuthDev::start(Config { users, organizations: vec![acme], ..Config::default() }).await?;
/// let claims: Value = insecure_decode_claims(workos.token("ada", &TokenOptions::default())?)?;
/// assert_eq!((&claims["name"], &claims["org_id"]), (&"Ada Example".into(), &"org_01ACME".into()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Written")]
pub struct User {
    /// The subject of tokens. [`new`](Self::new) makes it of the address.
    pub id: String,
    /// The e-mail address.
    pub email: String,
    /// Whether somebody has verified the address; `true` unless said otherwise.
    pub email_verified: bool,
    /// The first name, if known.
    pub first_name: Option<String>,
    /// The last name, if known.
    pub last_name: Option<String>,
    /// Where a picture is, if there is one.
    pub profile_picture_url: Option<String>,
    /// What the application calls this user.
    pub external_id: Option<String>,
    /// The preferred language, such as `en-GB`.
    pub locale: Option<String>,
    /// What the application has noted of this user.
    pub metadata: BTreeMap<String, String>,
    /// The organizations.
    pub memberships: Vec<Membership>,
    /// What stands between this user and a session, if anything.
    pub step_up: Option<StepUp>,
}

impl User {
    /// Somebody with a verified address of whom nothing else is known.
    #[must_use]
    pub fn new(email: impl Into<String>) -> Self {
        let email = email.into();
        let id = local_part(&email).chars().filter(char::is_ascii_alphanumeric);
        Self {
            id: format!("user_01DEV{}", id.collect::<String>().to_ascii_uppercase()),
            email,
            email_verified: true,
            first_name: None,
            last_name: None,
            profile_picture_url: None,
            external_id: None,
            locale: None,
            metadata: BTreeMap::new(),
            memberships: Vec::new(),
            step_up: None,
        }
    }

    /// Whether a text can be an address: there is something on each side of an `@`.
    pub(crate) fn is_address(text: &str) -> bool {
        text.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
    }

    /// The address up to the `@`.
    pub(crate) fn local_part(&self) -> &str {
        local_part(&self.email)
    }

    /// First and last name, as far as known.
    pub(crate) fn name(&self) -> Option<String> {
        let names: Vec<&str> =
            [&self.first_name, &self.last_name].into_iter().flatten().map(String::as_str).collect();
        (!names.is_empty()).then(|| names.join(" "))
    }

    pub(crate) fn membership(&self, organization_id: &str) -> Option<&Membership> {
        self.memberships.iter().find(|membership| membership.organization == organization_id)
    }

    /// A member of one organization need not be asked in which.
    pub(crate) fn only_membership(&self) -> Option<&Membership> {
        match self.memberships.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// As the API shows it.
    pub(crate) fn to_json(&self, last_sign_in_at: Option<&str>) -> Value {
        json!({
            "object": "user",
            "id": self.id,
            "email": self.email,
            "email_verified": self.email_verified,
            "name": self.name(),
            "first_name": self.first_name,
            "last_name": self.last_name,
            "profile_picture_url": self.profile_picture_url,
            "last_sign_in_at": last_sign_in_at,
            "external_id": self.external_id,
            "locale": self.locale,
            "metadata": self.metadata,
            "created_at": super::CREATED_AT,
            "updated_at": super::CREATED_AT,
        })
    }
}

fn local_part(email: &str) -> &str {
    email.split_once('@').map_or(email, |(local, _)| local)
}

/// A user in a seed file: all but the address has a default.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    email: String,
    id: Option<String>,
    email_verified: Option<bool>,
    first_name: Option<String>,
    last_name: Option<String>,
    profile_picture_url: Option<String>,
    external_id: Option<String>,
    locale: Option<String>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    #[serde(default)]
    memberships: Vec<Membership>,
    step_up: Option<StepUp>,
}

impl From<Written> for User {
    fn from(written: Written) -> Self {
        let new = Self::new(written.email);
        Self {
            id: written.id.unwrap_or(new.id),
            email: new.email,
            email_verified: written.email_verified.unwrap_or(new.email_verified),
            first_name: written.first_name,
            last_name: written.last_name,
            profile_picture_url: written.profile_picture_url,
            external_id: written.external_id,
            locale: written.locale,
            metadata: written.metadata,
            memberships: written.memberships,
            step_up: written.step_up,
        }
    }
}
