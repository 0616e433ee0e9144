//! Handlers that are the same with every framework.

use auth_core::{authenticated, require};

use super::ANSWER;

pub(super) async fn unguarded() -> &'static str {
    ANSWER
}

#[authenticated]
pub(super) async fn authenticated_only() -> &'static str {
    ANSWER
}

#[require(role("admin"))]
pub(super) async fn with_a_role() -> &'static str {
    ANSWER
}
