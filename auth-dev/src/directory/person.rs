//! The people that are there unless a configuration names others.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use super::User;

/// Somebody who can sign in when no others are configured. Each is another answer of the recipe's
/// admin rule for `example.com`:
///
/// ```
/// use auth_core::issuer::WorkOs;
/// use auth_core::policy::Admin;
/// use auth_core::{Auth, AuthContext, Code};
/// use auth_dev::{AuthDev, Config, Person, TokenOptions};
/// use axum::http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let workos = AuthDev::start(Config::default()).await?;
/// let of_here = WorkOs::client(workos.client_id()).api_url(workos.url());
/// let auth = Auth::builder().workos(of_here).admin_domain("example.com").build()?;
/// auth.ready().await?;
///
/// for person in Person::ALL {
///     let expected = match person {
///         Person::Admin => None,
///         Person::Member => Some(Code::AdminRequired),
///         Person::Unverified => Some(Code::EmailUnverified),
///     };
///     let token = workos.token(person, &TokenOptions::default())?;
///     let bearer = HeaderValue::try_from(format!("Bearer {token}"))?;
///     let headers = HeaderMap::from_iter([(AUTHORIZATION, bearer)]);
///     let verification = auth.verification(&headers).await;
///     let refused = verification.require::<Admin>().err().map(|error| error.code());
///     assert_eq!(refused, expected, "{}, as `auth-dev token` names them", person.name());
/// }
/// assert_eq!(Person::Unverified.email(), "unverified@example.com");
/// assert!(!Person::Unverified.email_verified());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Person {
    /// A verified address at `example.com`.
    Admin,
    /// A verified address elsewhere.
    Member,
    /// An address at `example.com` that nobody has verified.
    Unverified,
}

impl Person {
    /// Everybody.
    pub const ALL: [Self; 3] = [Self::Admin, Self::Member, Self::Unverified];

    /// The name in commands and URLs: the address up to the `@`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Unverified => "unverified",
        }
    }

    /// The e-mail address.
    #[must_use]
    pub fn email(self) -> &'static str {
        match self {
            Self::Admin => "admin@example.com",
            Self::Member => "member@example.org",
            Self::Unverified => "unverified@example.com",
        }
    }

    /// Whether the address is verified.
    #[must_use]
    pub fn email_verified(self) -> bool {
        self != Self::Unverified
    }

    fn first_name(self) -> &'static str {
        match self {
            Self::Admin => "Admin",
            Self::Member => "Member",
            Self::Unverified => "Unverified",
        }
    }
}

impl AsRef<str> for Person {
    fn as_ref(&self) -> &str {
        self.email()
    }
}

impl From<Person> for User {
    fn from(person: Person) -> Self {
        Self {
            email_verified: person.email_verified(),
            first_name: Some(person.first_name().to_owned()),
            last_name: Some("Example".to_owned()),
            profile_picture_url: Some(format!(
                "https://example.com/pictures/{}.png",
                person.name()
            )),
            ..Self::new(person.email())
        }
    }
}
