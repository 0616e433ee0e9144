//! What a session is, wherever it is kept.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Secret;

/// As it stands in a cookie of ours, or in a store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SessionData {
    /// The claim `sid` of its tokens.
    pub(crate) id: String,
    pub(crate) user_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) organization_id: Option<String>,
    pub(crate) access_token: Secret,
    pub(crate) refresh_token: Secret,
    /// When somebody signed in, in seconds since 1970.
    pub(crate) began_at: u64,
    /// When it was refreshed last, in seconds since 1970.
    pub(crate) refreshed_at: u64,
    /// When the access token ends, in seconds since 1970.
    pub(crate) expires_at: u64,
    #[serde(skip)]
    pub(crate) described: Described,
}

/// What the JavaScript SDKs keep besides, and nobody here asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Described {
    /// The user as WorkOS describes one, with its names (`first_name`).
    pub(crate) user: Map<String, Value>,
    pub(crate) impersonator: Option<Value>,
    pub(crate) authentication_method: Option<String>,
}
