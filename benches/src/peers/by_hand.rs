//! `jsonwebtoken` 11, as one writes an extractor with it by hand.

use std::collections::HashMap;

use anyhow::Context;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};

use super::{Claims, ISSUERS};
use crate::workload::AUDIENCE;

pub(crate) struct ByHand {
    keys: HashMap<String, DecodingKey>,
    validation: Validation,
}

impl ByHand {
    /// # Errors
    /// If a key cannot be read.
    pub(crate) fn new(key_set: &str) -> anyhow::Result<Self> {
        let set: JwkSet = serde_json::from_str(key_set)?;
        let keys = set.keys.iter().map(|jwk| {
            let id = jwk.common.key_id.clone().context("a key without `kid`")?;
            Ok((id, DecodingKey::from_jwk(jwk)?))
        });
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_issuer(&ISSUERS);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        Ok(Self { keys: keys.collect::<anyhow::Result<_>>()?, validation })
    }

    /// The claims of the bearer token, if it is good.
    pub(crate) fn authenticate(&self, headers: &HeaderMap) -> Option<Claims> {
        self.decode(headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?)
    }

    /// Its claims, if it is good.
    pub(crate) fn decode(&self, token: &str) -> Option<Claims> {
        let key = self.keys.get(&decode_header(token).ok()?.kid?)?;
        Some(decode::<Claims>(token, key, &self.validation).ok()?.claims)
    }
}
