//! Keys that a `Fetch` of the service's own brings: it may panic, and it is asked where an issuer says
//! that its keys are.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use auth_core::Auth;
use auth_core::issuer::Issuer;
use auth_core::keys::{Fetch, FetchError, FetchFuture, Fetched};
use serde_json::json;

use super::fixture::{CLIENT_ID, HEADER, USER_MANAGEMENT, claims};
use crate::clock::TestClock;
use crate::signer::Signer;
use crate::verification::{authenticate, outcome};

/// Panics every time.
struct Panics(Arc<AtomicUsize>);

impl Fetch for Panics {
    fn fetch<'a>(&'a self, _url: &'a str) -> FetchFuture<'a> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { panic!("on purpose") })
    }
}

#[tokio::test]
async fn a_fetch_that_panics_is_a_failed_fetch() {
    let requests = Arc::new(AtomicUsize::new(0));
    let auth = Auth::builder()
        .issuer(Issuer::new(USER_MANAGEMENT, "https://keys.test", CLIENT_ID))
        .fetch(Panics(Arc::clone(&requests)))
        .clock(TestClock::new())
        .build()
        .unwrap();
    let token = Signer::new().token(HEADER, claims(json!({})));
    for _ in 0..3 {
        assert_eq!(outcome(authenticate(&auth, &token).await), "keys_unavailable");
    }
    assert_eq!(requests.load(Ordering::SeqCst), 1);
}

/// Has documents by their URL.
struct Documents(Vec<(&'static str, String)>);

impl Fetch for Documents {
    fn fetch<'a>(&'a self, url: &'a str) -> FetchFuture<'a> {
        let found = self.0.iter().find(|(known, _)| *known == url);
        let result = match found {
            Some((_, body)) => Ok(Fetched { body: body.clone().into_bytes(), max_age: None }),
            None => Err(FetchError::new(format!("nothing at {url}"))),
        };
        Box::pin(async move { result })
    }
}

#[tokio::test]
async fn an_issuer_says_itself_where_its_keys_are() {
    let k1 = Signer::new();
    let keys = json!({ "keys": [k1.jwk("k1")] }).to_string();
    let token = k1.token(HEADER, claims(json!({ "iss": "https://a.test/t", "aud": "api" })));
    let document =
        |issuer: &str| json!({ "issuer": issuer, "jwks_uri": "https://b.test/keys" }).to_string();
    let openid = "https://a.test/t/.well-known/openid-configuration";
    let oauth = "https://a.test/.well-known/oauth-authorization-server/t";
    for (place, issuer, expected) in [
        (openid, "https://a.test/t", "accepted"),
        (oauth, "https://a.test/t", "accepted"),
        (openid, "https://a.test/t/", "keys_unavailable"),
        (openid, "https://evil.test", "keys_unavailable"),
    ] {
        let documents =
            Documents(vec![(place, document(issuer)), ("https://b.test/keys", keys.clone())]);
        let auth = Auth::builder()
            .issuer(Issuer::discover("https://a.test/t", "api"))
            .fetch(documents)
            .clock(TestClock::new())
            .build()
            .unwrap();
        assert_eq!(outcome(authenticate(&auth, &token).await), expected, "{place} {issuer}");
    }
}
