//! The people that can sign in.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// Somebody who can sign in. Each is another answer of the recipe's admin rule for `example.com`.
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

    /// The name in commands and URLs.
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

    /// The user id, which is the subject of tokens.
    #[must_use]
    pub fn user_id(self) -> &'static str {
        match self {
            Self::Admin => "user_01DEVADMIN",
            Self::Member => "user_01DEVMEMBER",
            Self::Unverified => "user_01DEVUNVERIFIED",
        }
    }

    pub(crate) fn first_name(self) -> &'static str {
        match self {
            Self::Admin => "Admin",
            Self::Member => "Member",
            Self::Unverified => "Unverified",
        }
    }

    pub(crate) fn last_name(self) -> &'static str {
        "Example"
    }

    pub(crate) fn picture_url(self) -> String {
        format!("https://example.com/pictures/{}.png", self.name())
    }

    pub(crate) fn by_email(email: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|person| person.email().eq_ignore_ascii_case(email))
    }

    /// The user as the API shows it.
    pub(crate) fn to_user(self) -> serde_json::Value {
        serde_json::json!({
            "object": "user",
            "id": self.user_id(),
            "email": self.email(),
            "email_verified": self.email_verified(),
            "first_name": self.first_name(),
            "last_name": self.last_name(),
            "profile_picture_url": self.picture_url(),
            "last_sign_in_at": null,
            "external_id": null,
            "metadata": {},
            "created_at": "2026-01-01T00:00:00.000Z",
            "updated_at": "2026-01-01T00:00:00.000Z",
        })
    }
}
