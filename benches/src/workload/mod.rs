//! What is verified: tokens as WorkOS issues them, and the keys that have signed them.

mod claims;
mod key;
mod many;

pub(crate) use claims::{AUDIENCE, ISSUER, claims};
pub(crate) use key::{SigningKey, decode, encode, key_set};
pub(crate) use many::many;

use auth_core::keys::{Fetch, FetchFuture, Fetched};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

/// The headers of a request that bears `token`.
///
/// # Errors
/// If it has characters that no header can have.
pub(crate) fn bearer(token: &str) -> anyhow::Result<HeaderMap> {
    let value = HeaderValue::from_str(&format!("Bearer {token}"))?;
    Ok(HeaderMap::from_iter([(AUTHORIZATION, value)]))
}

/// Gives our side its keys at once, whatever the URL.
pub(crate) struct StaticKeys(pub(crate) String);

impl Fetch for StaticKeys {
    fn fetch<'a>(&'a self, _: &'a str) -> FetchFuture<'a> {
        let body = self.0.clone().into_bytes();
        Box::pin(async { Ok(Fetched { body, max_age: None }) })
    }
}
