//! The people that are there unless a configuration names others.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use super::User;

/// Somebody who can sign in when no others are configured. Each is another answer of the recipe's
/// admin rule for `example.com`.
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
