//! Nothing of a refused request is parsed or read: not its body, path or query, however long the
//! decision takes.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use auth_core::axum::{App, Router, post};
use auth_core::{Auth, require};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{FromRef, Path, Query};
use futures_util::{StreamExt, stream};
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};
use tower_service::Service;

use crate::gate::{Gate, Slow, auth};
use crate::issuer::token;
use crate::signer::Signer;

#[derive(serde::Deserialize)]
pub(crate) struct Page {
    pub(crate) number: u32,
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
        let auth = auth(&signer, keys);
        let app = Router::new()
            .route("/quick/{id}", post(quick))
            .route("/slow/{id}", post(slow))
            .with_state(AppState { auth, gate: policy.clone() })
            .finish()
            .unwrap();
        Self { app, signer, taken: Arc::default() }
    }

    fn token(&self, role: &str) -> String {
        token(&self.signer, json!({ "role": role }))
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

/// But for the first, what a framework would refuse by itself, had it been allowed to look.
pub(crate) const MALFORMED: [(&str, &str); 4] = [
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
