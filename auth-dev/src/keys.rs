//! The keys that sign, the set that is published, and how one becomes the other.

use std::sync::{Arc, Mutex, OnceLock};

use serde_json::{Value, json};

use crate::key::{KeyError, SigningKey};
use crate::lock::lock;

pub(crate) struct Keys {
    client_id: String,
    state: Mutex<State>,
    /// Has the name of the signing key of the start, and is in no key set.
    foreign: OnceLock<SigningKey>,
}

struct State {
    signing: Arc<SigningKey>,
    published: Vec<Arc<SigningKey>>,
    has_odd_keys: bool,
    made: u32,
}

impl Keys {
    pub(crate) fn generate(client_id: &str) -> Result<Self, KeyError> {
        let key = Arc::new(SigningKey::generate(&name(1), client_id)?);
        let state =
            State { published: vec![Arc::clone(&key)], signing: key, has_odd_keys: false, made: 1 };
        let foreign = OnceLock::new();
        Ok(Self { client_id: client_id.to_owned(), state: Mutex::new(state), foreign })
    }

    pub(crate) fn signing(&self) -> Arc<SigningKey> {
        Arc::clone(&lock(&self.state).signing)
    }

    pub(crate) fn foreign(&self) -> Result<&SigningKey, KeyError> {
        if let Some(key) = self.foreign.get() {
            return Ok(key);
        }
        let key = SigningKey::generate(&name(1), &self.client_id)?;
        Ok(self.foreign.get_or_init(|| key))
    }

    /// Signs with a new key from now on. Those before stay in the set. Gives the new one's `kid`.
    pub(crate) fn rotate(&self) -> Result<String, KeyError> {
        let number = {
            let mut state = lock(&self.state);
            state.made += 1;
            state.made
        };
        let key = Arc::new(SigningKey::generate(&name(number), &self.client_id)?);
        let id = key.id().to_owned();
        let mut state = lock(&self.state);
        state.published.push(Arc::clone(&key));
        state.signing = key;
        Ok(id)
    }

    /// Takes a key out of the set; `false` if it is not there.
    pub(crate) fn withdraw(&self, id: &str) -> bool {
        let published = &mut lock(&self.state).published;
        let before = published.len();
        published.retain(|key| key.id() != id);
        published.len() < before
    }

    /// Publishes keys beside the good ones that a client has to pass over, or no longer.
    pub(crate) fn publish_odd_keys(&self, has_odd_keys: bool) {
        lock(&self.state).has_odd_keys = has_odd_keys;
    }

    /// The key set (RFC 7517).
    pub(crate) fn to_json(&self) -> Value {
        let state = lock(&self.state);
        let odd = if state.has_odd_keys { odd_keys() } else { Vec::new() };
        let good = state.published.iter().map(|key| key.to_jwk());
        json!({ "keys": odd.into_iter().chain(good).collect::<Vec<_>>() })
    }
}

fn name(number: u32) -> String {
    format!("sso_oidc_key_pair_{number:02}DEV")
}

/// What other key sets have in them: of other kinds, for other uses, or broken.
fn odd_keys() -> Vec<Value> {
    vec![
        json!({ "kty": "oct", "kid": "symmetric", "alg": "HS256", "k": "c2VjcmV0" }),
        json!({ "kty": "RSA", "kid": "encryption", "use": "enc", "n": "AQAB", "e": "AQAB" }),
        json!({ "kty": "RSA", "kid": "no-modulus", "use": "sig", "e": "AQAB" }),
        json!({ "kty": "RSA", "kid": "bad-base64", "use": "sig", "n": "!", "e": "AQAB" }),
        json!({ "kty": "RSA", "use": "sig", "n": "AQAB", "e": "AQAB" }),
        json!({ "kty": "EC", "kid": "unknown-curve", "crv": "P-000", "x": "AQ", "y": "AQ" }),
        json!({ "kty": "FUTURE", "kid": "unknown-type" }),
        json!({ "kid": "no-type" }),
    ]
}
