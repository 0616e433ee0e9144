//! The claims of a WorkOS access token, with all that a JWT template commonly adds.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

pub(crate) const AUDIENCE: &str = "client_01HZX3B6E0KQ5V9YQ2M4T7W8NA";
pub(crate) const ISSUER: &str =
    "https://api.workos.com/user_management/client_01HZX3B6E0KQ5V9YQ2M4T7W8NA";

/// Good for a day from now, so that no run outlives them.
pub(crate) fn claims(issuer: &str, subject: &str) -> Value {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    json!({
        "iss": issuer,
        "sub": subject,
        "aud": AUDIENCE,
        "sid": "session_01HZX3BC4D5E6F7G8H9J0K1M2N",
        "jti": "01HZX3BC9PQRSTVWXYZ0123456",
        "org_id": "org_01HZX3B8R1S2T3V4W5X6Y7Z8A9",
        "role": "admin",
        "roles": ["admin"],
        "permissions": ["posts:write"],
        "entitlements": ["sso"],
        "client_id": AUDIENCE,
        "email": "ada@example.com",
        "email_verified": true,
        "name": "Ada Lovelace",
        "picture": "https://workoscdn.com/images/v1/ada.png",
        "iat": now,
        "exp": now + 24 * 60 * 60,
    })
}
