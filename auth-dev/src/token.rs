//! Access tokens as WorkOS issues them, and bad ones on request.

use std::time::{Duration, SystemTime};

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::people::Person;

/// What WorkOS gives an access token, and the recipe's JWT template plus `email_verified`.
const LIFETIME: Duration = Duration::from_secs(5 * 60);

/// One of the two issuers of a WorkOS client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Issuer {
    /// Single sign-on. Shared by all clients, so its tokens name theirs (`aud`).
    Sso,
    /// User Management: e-mail and social login.
    #[default]
    UserManagement,
}

/// How a token differs from the one that a person gets by signing in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args, Serialize, Deserialize)]
#[serde(default)]
pub struct TokenOptions {
    /// Who issues it.
    #[arg(long, value_enum, default_value_t)]
    pub issuer: Issuer,
    /// Says that another issuer has issued it.
    #[arg(long, value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer_name: Option<String>,
    /// Is for somebody else than the client.
    #[arg(long, value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// Has expired a minute ago.
    #[arg(long)]
    pub expired: bool,
    /// Is signed with a key of the right name that is not in the key set.
    #[arg(long)]
    pub forged: bool,
}

/// The claims of an access token.
pub(crate) fn claims(
    url: &str,
    client_id: &str,
    session_id: &str,
    person: Person,
    options: &TokenOptions,
) -> serde_json::Value {
    let (issuer, audience) = match options.issuer {
        Issuer::Sso => (format!("{url}/"), Some(client_id)),
        Issuer::UserManagement => (format!("{url}/user_management/{client_id}"), None),
    };
    let lived = if options.expired { LIFETIME + Duration::from_secs(60) } else { Duration::ZERO };
    let issued_at = since_1970().saturating_sub(lived);
    let mut claims = json!({
        "iss": options.issuer_name.as_ref().unwrap_or(&issuer),
        "sub": person.user_id(),
        "sid": session_id,
        "jti": format!("jti_{}", Uuid::new_v4().simple()),
        "client_id": client_id,
        "iat": issued_at.as_secs(),
        "exp": (issued_at + LIFETIME).as_secs(),
        "email": person.email(),
        "email_verified": person.email_verified(),
        "name": format!("{} {}", person.first_name(), person.last_name()),
        "picture": person.picture_url(),
    });
    if let Some(audience) = options.audience.as_deref().or(audience)
        && let Some(claims) = claims.as_object_mut()
    {
        claims.insert("aud".to_owned(), audience.into());
    }
    claims
}

fn since_1970() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}
