//! The claims that a service of a peer's user reads.

use serde::Deserialize;

/// As a service would write it: what it decides by and what it shows.
#[derive(Clone, Debug, Deserialize)]
#[expect(dead_code, reason = "a peer fills it in, and nobody asks")]
pub(crate) struct Claims {
    iss: String,
    sub: String,
    sid: String,
    jti: String,
    org_id: Option<String>,
    pub(crate) role: Option<String>,
    roles: Vec<String>,
    pub(crate) permissions: Vec<String>,
    entitlements: Vec<String>,
    client_id: Option<String>,
    email: Option<String>,
    email_verified: Option<bool>,
    name: Option<String>,
    picture: Option<String>,
    iat: u64,
    exp: u64,
}
