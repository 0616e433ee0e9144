//! Decisions that are waited for: keys and a policy that a test lets go on.

use std::sync::Arc;

use auth_core::issuer::Issuer;
use auth_core::keys::{Fetch, FetchError, FetchFuture, Fetched};
use auth_core::policy::{Decision, Policy, PolicyError, RequestView};
use auth_core::{Auth, Identity};
use serde_json::json;
use tokio::sync::Semaphore;

use crate::clock::TestClock;
use crate::issuer::ISSUER;
use crate::signer::Signer;

/// Holds up whoever passes until it is opened.
#[derive(Clone)]
pub(crate) struct Gate(Arc<Semaphore>);

impl Gate {
    pub(crate) fn open() -> Self {
        Self(Arc::new(Semaphore::new(1_000)))
    }

    pub(crate) fn closed() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }

    pub(crate) fn release(&self) {
        self.0.add_permits(1_000);
    }

    async fn pass(&self) {
        let _permit = self.0.acquire().await.unwrap();
    }
}

/// Whoever has the role `editor`, after the gate.
pub(crate) struct Slow;

impl Policy for Slow {
    type State = Gate;

    async fn check(
        _request: &RequestView<'_>,
        caller: &Identity,
        gate: &Gate,
    ) -> Result<Decision, PolicyError> {
        gate.pass().await;
        let allowed = caller.roles().any(|role| role == "editor");
        Ok(if allowed { Decision::Allow } else { Decision::Deny })
    }
}

/// Whose key set comes once the gate is open.
pub(crate) fn auth(signer: &Signer, keys: &Gate) -> Auth {
    let key_set = json!({ "keys": [signer.jwk("k1")] }).to_string();
    Auth::builder()
        .issuer(Issuer::new(ISSUER, "https://issuer.test/jwks", "api"))
        .clock(TestClock::new())
        .fetch(GatedFetch { gate: keys.clone(), key_set })
        .build()
        .unwrap()
}

struct GatedFetch {
    gate: Gate,
    key_set: String,
}

impl Fetch for GatedFetch {
    fn fetch<'a>(&'a self, _url: &'a str) -> FetchFuture<'a> {
        Box::pin(async {
            self.gate.pass().await;
            let body = self.key_set.clone().into_bytes();
            Ok::<_, FetchError>(Fetched { body, max_age: None })
        })
    }
}
