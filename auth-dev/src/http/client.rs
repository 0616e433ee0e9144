//! Which client asks.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use super::error::Refusal;
use crate::config::Config;

/// The client of the environment. One that keeps a secret gives it; one that cannot, such as a page,
/// gives none.
pub(super) fn check(
    config: &Config,
    client_id: Option<&str>,
    client_secret: Option<&str>,
) -> Result<(), Refusal> {
    if client_id != Some(&config.client_id) {
        let message = format!("`client_id` must be {}.", config.client_id);
        return Err(Refusal::oauth("invalid_client", message));
    }
    if client_secret.is_some_and(|secret| secret != config.api_key) {
        return Err(Refusal::oauth("invalid_client", "`client_secret` is not the API key."));
    }
    Ok(())
}

/// Whoever bears the API key.
pub(super) fn check_api_key(config: &Config, headers: &HeaderMap) -> Result<(), Refusal> {
    if bearer(headers) == Some(&config.api_key) { Ok(()) } else { Err(Refusal::unauthorized()) }
}

pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}
