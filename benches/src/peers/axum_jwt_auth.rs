//! axum-jwt-auth: an extractor of axum's, on `jsonwebtoken` 10.

use std::sync::Arc;

use anyhow::Context;
use axum_jwt_auth::{Decoder, RemoteJwksDecoder};
use dashmap::DashMap;
use jsonwebtoken10::jwk::JwkSet;
use jsonwebtoken10::{Algorithm, DecodingKey, Validation};

use super::{Claims, ISSUERS};
use crate::workload::AUDIENCE;

/// The state that its extractor asks: the decoder for a key set behind a URL, which has its keys.
///
/// # Errors
/// If a key cannot be read.
pub(crate) fn decoder(key_set: &str) -> anyhow::Result<Decoder<Claims>> {
    let set: JwkSet = serde_json::from_str(key_set)?;
    let keys = DashMap::new();
    for jwk in &set.keys {
        let id = jwk.common.key_id.clone().context("a key without `kid`")?;
        keys.insert(id, DecodingKey::from_jwk(jwk)?);
    }
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&ISSUERS);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    let decoder = RemoteJwksDecoder::builder()
        .jwks_url("http://127.0.0.1:9/".to_owned())
        .validation(validation)
        .keys_cache(Arc::new(keys))
        .build()?;
    Ok(Arc::new(decoder))
}
