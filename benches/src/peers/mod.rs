//! What else one could pick, each with the same checks as ours as far as it has them, and its keys
//! at hand: none of them waits for a server.

mod axum_jwt_auth;
mod by_hand;
mod claims;
mod crypto;
mod jwt_authorizer;
mod tower_oauth2;

pub(crate) use self::axum_jwt_auth::decoder;
pub(crate) use self::jwt_authorizer::{jwt_authorizer, jwt_authorizer_layer};
pub(crate) use by_hand::ByHand;
pub(crate) use claims::Claims;
pub(crate) use crypto::Crypto;
pub(crate) use tower_oauth2::resource_server;

use crate::workload::ISSUER;

/// The two issuers of a WorkOS client.
const ISSUERS: [&str; 2] = [ISSUER, "https://api.workos.com/"];
