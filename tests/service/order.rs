//! Nothing of a refused request is parsed or read: not its body, path or query, however long the
//! decision takes.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use auth_core::axum::{App, Router, post};
use auth_core::issuer::Issuer;
use auth_core::keys::{Fetch, FetchError, FetchFuture, Fetched};
use auth_core::policy::{Decision, Policy, PolicyError, RequestView};
use auth_core::{Auth, Identity, require};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{FromRef, Path, Query};
use futures_util::{StreamExt, stream};
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tower_service::Service;

use crate::clock::{NOW, TestClock};
use crate::signer::Signer;

const ISSUER: &str = "https://issuer.test/";

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

pub(crate) struct GatedFetch {
    pub(crate) gate: Gate,
    pub(crate) key_set: String,
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

#[derive(serde::Deserialize)]
struct Page {
    number: u32,
}

#[require(role("editor"))]
async fn quick(Path(id): Path<u64>, Query(page): Query<Page>, Json(body): Json<Value>) -> String {
    format!("{id} {} {body}", page.number)
}

#[require(Slow)]
async fn slow(Path(id): Path<u64>, Query(page): Query<Page>, Json(body): Json<Value>) -> String {
    format!("{id} {} {body}", page.number)
}

#[derive(Clone, FromRef)]
struct AppState {
    auth: Auth,
    gate: Gate,
}

struct Fixture {
    app: App,
    signer: Signer,
    /// How many pieces of bodies have been taken.
    taken: Arc<AtomicUsize>,
}

impl Fixture {
    fn new(keys: &Gate, policy: &Gate) -> Self {
        let signer = Signer::new();
        let key_set = json!({ "keys": [signer.jwk("k1")] }).to_string();
        let auth = Auth::builder()
            .issuer(Issuer::new(ISSUER, "https://issuer.test/jwks", "api"))
            .clock(TestClock::new())
            .fetch(GatedFetch { gate: keys.clone(), key_set })
            .build()
            .unwrap();
        let app = Router::new()
            .route("/quick/{id}", post(quick))
            .route("/slow/{id}", post(slow))
            .with_state(AppState { auth, gate: policy.clone() })
            .finish()
            .unwrap();
        Self { app, signer, taken: Arc::default() }
    }

    fn token(&self, role: &str) -> String {
        let claims = json!({
            "iss": ISSUER, "aud": "api", "sub": "user_01", "exp": NOW + 300, "role": role,
        });
        self.signer.token(r#"{"alg":"RS256","kid":"k1"}"#, claims.to_string())
    }

    fn send(
        &self,
        uri: &str,
        content_type: &str,
        token: Option<&str>,
    ) -> impl Future<Output = Result<Response<Body>, Infallible>> + Send + use<> {
        let taken = Arc::clone(&self.taken);
        let pieces = stream::iter([Bytes::from_static(b"{}")]).map(move |piece| {
            taken.fetch_add(1, Ordering::SeqCst);
            Ok::<_, Infallible>(piece)
        });
        let mut request = Request::post(uri).header("content-type", content_type);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.app.clone().call(request.body(Body::from_stream(pieces)).unwrap())
    }

    fn taken(&self) -> usize {
        self.taken.load(Ordering::SeqCst)
    }
}

/// What axum would refuse by itself, had it been allowed to look.
const MALFORMED: [(&str, &str); 4] = [
    ("/7?number=1", "application/json"),
    ("/7?number=1", "text/plain"),
    ("/seven?number=1", "application/json"),
    ("/7?number=one", "application/json"),
];

#[tokio::test]
async fn a_refusal_comes_before_every_other_answer() {
    for path in ["/quick", "/slow"] {
        // The first request finds no keys, the others find them.
        let fixture = Fixture::new(&Gate::open(), &Gate::open());
        let (editor, member) = (fixture.token("editor"), fixture.token("member"));
        let tampered = format!("{editor}A");
        for (rest, content_type) in MALFORMED {
            for (token, expected) in [
                (None, StatusCode::UNAUTHORIZED),
                (Some(tampered.as_str()), StatusCode::UNAUTHORIZED),
                (Some(member.as_str()), StatusCode::FORBIDDEN),
            ] {
                let answer = fixture.send(&format!("{path}{rest}"), content_type, token).await;
                let case = format!("{path}{rest} {content_type} {token:?}");
                assert_eq!(answer.unwrap().status(), expected, "{case}");
                assert_eq!(fixture.taken(), 0, "{case}");
            }
        }
        for ((rest, content_type), expected) in MALFORMED.into_iter().zip([200, 415, 400, 400]) {
            let answer = fixture.send(&format!("{path}{rest}"), content_type, Some(&editor)).await;
            assert_eq!(answer.unwrap().status(), expected, "{path}{rest} {content_type}");
        }
        assert_eq!(fixture.taken(), 1, "the body of the one good request");
    }
}

/// While the decision is waited for nothing happens, and then it is the answer.
#[tokio::test]
async fn a_slow_decision_is_waited_for() {
    for (path, keys, policy) in [
        ("/quick", Gate::closed(), Gate::open()),
        ("/slow", Gate::closed(), Gate::open()),
        ("/slow", Gate::open(), Gate::closed()),
    ] {
        let fixture = Fixture::new(&keys, &policy);
        let member = fixture.token("member");
        let requests = MALFORMED.map(|(rest, content_type)| {
            tokio::spawn(fixture.send(&format!("{path}{rest}"), content_type, Some(&member)))
        });
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert!(requests.iter().all(|request| !request.is_finished()), "{path}: it waits");
        keys.release();
        policy.release();
        for request in requests {
            let answer = request.await.unwrap().unwrap();
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
        }
        assert_eq!(fixture.taken(), 0, "{path}");
    }
}
