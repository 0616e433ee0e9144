//! actix starts all extractors side by side. Behind the guarded router nothing of a refused request is
//! parsed or read all the same: not its body, path or query, however long the decision takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::dev::{Payload, Service};
use actix_web::web::{Json, Path, Query};
use actix_web::{HttpMessage, HttpServer};
use auth_core::actix::{Router, post};
use auth_core::{Identity, authenticated, require};
use futures_util::StreamExt;
use reqwest::Client;
use serde_json::{Value, json};

use crate::gate::{Gate, Slow, auth};
use crate::issuer::token;
use crate::order::{MALFORMED, Page};
use crate::signer::Signer;

#[require(role("editor"))]
async fn quick(id: Path<u64>, page: Query<Page>, body: Json<Value>) -> String {
    format!("{id} {} {body}", page.number)
}

#[require(Slow)]
async fn slow(id: Path<u64>, page: Query<Page>, body: Json<Value>) -> String {
    format!("{id} {} {body}", page.number)
}

#[require(role("editor"))]
#[actix_web::post("/attribute/{id}")]
async fn attribute(id: Path<u64>, page: Query<Page>, body: Json<Value>) -> String {
    format!("{id} {} {body}", page.number)
}

#[authenticated]
#[actix_web::post("/me")]
async fn me(caller: Identity) -> String {
    caller.subject().to_owned()
}

struct Fixture {
    url: String,
    signer: Signer,
    arrived: Arc<AtomicUsize>,
    /// How many pieces of bodies have been taken.
    taken: Arc<AtomicUsize>,
}

impl Fixture {
    fn start(keys: &Gate, policy: &Gate) -> Self {
        let signer = Signer::new();
        let auth = auth(&signer, keys);
        let app = Router::new()
            .route("/quick/{id}", post(quick))
            .route("/slow/{id}", post(slow))
            .service(attribute)
            .service(me)
            .app_data(auth)
            .app_data(policy.clone())
            .finish()
            .unwrap();

        let (arrived, taken) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (arrivals, pieces) = (Arc::clone(&arrived), Arc::clone(&taken));
        let server = HttpServer::new(move || {
            let (arrivals, pieces) = (Arc::clone(&arrivals), Arc::clone(&pieces));
            let counting = actix_web::App::new().wrap_fn(move |mut request, service| {
                arrivals.fetch_add(1, Ordering::SeqCst);
                let pieces = Arc::clone(&pieces);
                let body = request.take_payload().inspect(move |_| {
                    pieces.fetch_add(1, Ordering::SeqCst);
                });
                request.set_payload(Payload::Stream { payload: Box::pin(body) });
                service.call(request)
            });
            counting.service(app.clone())
        });
        let server = server.workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", server.addrs()[0]);
        tokio::spawn(server.run());
        Self { url, signer, arrived, taken }
    }

    fn token(&self, role: &str) -> String {
        token(&self.signer, json!({ "role": role }))
    }

    fn send(
        &self,
        path: &str,
        content_type: &str,
        token: Option<&str>,
    ) -> impl Future<Output = u16> + Send + use<> {
        let mut request = Client::new().post(format!("{}{path}", self.url));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let request = request.header("content-type", content_type).body("{}");
        async move { request.send().await.unwrap().status().as_u16() }
    }

    async fn arrived(&self, requests: usize) {
        while self.arrived.load(Ordering::SeqCst) < requests {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    fn taken(&self) -> usize {
        self.taken.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn a_refusal_comes_before_every_other_answer() {
    // The first request with a token finds no keys, the others find them.
    let fixture = Fixture::start(&Gate::open(), &Gate::open());
    let (editor, member) = (fixture.token("editor"), fixture.token("member"));
    let tampered = format!("{editor}A");
    for path in ["/quick", "/slow", "/attribute"] {
        for (rest, content_type) in MALFORMED {
            for (token, expected) in
                [(None, 401), (Some(tampered.as_str()), 401), (Some(member.as_str()), 403)]
            {
                let status = fixture.send(&format!("{path}{rest}"), content_type, token).await;
                let case = format!("{path}{rest} {content_type} {token:?}");
                assert_eq!(status, expected, "{case}");
                assert_eq!(fixture.taken(), 0, "{case}");
            }
        }
    }
    for (number, path) in ["/quick", "/slow", "/attribute"].into_iter().enumerate() {
        for ((rest, content_type), expected) in MALFORMED.into_iter().zip([200, 400, 404, 400]) {
            let status = fixture.send(&format!("{path}{rest}"), content_type, Some(&editor)).await;
            assert_eq!(status, expected, "{path}{rest} {content_type}");
        }
        assert_eq!(fixture.taken(), number + 1, "{path}: the body of the one good request");
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
        let fixture = Fixture::start(&keys, &policy);
        let member = fixture.token("member");
        let requests = MALFORMED.map(|(rest, content_type)| {
            tokio::spawn(fixture.send(&format!("{path}{rest}"), content_type, Some(&member)))
        });
        fixture.arrived(MALFORMED.len()).await;
        keys.release();
        policy.release();
        for request in requests {
            assert_eq!(request.await.unwrap(), 403, "{path}");
        }
        assert_eq!(fixture.taken(), 0, "{path}");
    }
}

/// With a route attribute, actix starts the extraction of the identity beside that of the guard.
#[tokio::test]
async fn an_identity_beside_a_slow_guard_waits_for_it() {
    let keys = Gate::closed();
    let fixture = Fixture::start(&keys, &Gate::open());
    let member = fixture.token("member");
    let request = tokio::spawn(fixture.send("/me", "text/plain", Some(&member)));
    fixture.arrived(1).await;
    keys.release();
    assert_eq!(request.await.unwrap(), 200);
}
