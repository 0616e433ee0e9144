//! An issuer that signs any claims, and an `Auth` that takes its tokens.

use auth_core::issuer::Issuer;
use auth_core::{Auth, AuthBuilder, Clock};
use serde_json::{Value, json};

use crate::clock::NOW;
use crate::key_server::{Behaviour, KeyServer};
use crate::signer::Signer;

pub(crate) const ISSUER: &str = "https://issuer.test/";

/// Its keys can be had as long as it lives.
pub(crate) struct TestIssuer {
    signer: Signer,
    key_server: KeyServer,
}

impl TestIssuer {
    pub(crate) async fn start() -> Self {
        let signer = Signer::new();
        let key_server = KeyServer::start(Behaviour::key_set(&[signer.jwk("k1")])).await;
        Self { signer, key_server }
    }

    pub(crate) fn auth(&self, clock: impl Clock) -> AuthBuilder {
        let issuer = Issuer::new(ISSUER, &self.key_server.url, "api");
        Auth::builder().issuer(issuer).admin_domain("example.com").clock(clock)
    }

    /// A good token, but for these claims.
    pub(crate) fn token(&self, claims: Value) -> String {
        token(&self.signer, claims)
    }
}

/// A token of this issuer by a key that its set calls `k1`, good but for these claims.
pub(crate) fn token(signer: &Signer, claims: Value) -> String {
    let mut all = json!({ "iss": ISSUER, "aud": "api", "sub": "user_01", "exp": NOW + 300 });
    all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
    signer.token(r#"{"alg":"RS256","kid":"k1"}"#, all.to_string())
}
