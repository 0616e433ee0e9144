//! Who calls, as an argument of a handler.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::dev::ServiceRequest;
use actix_web::middleware::{Next, from_fn};
use actix_web::{HttpRequest, HttpServer, web};
use auth_core::actix::{Router, get};
use auth_core::policy::{Admin, Authenticated};
use auth_core::{Guard, Identity, MaybeIdentity, authenticated, public, require_admin};
use auth_dev::{AuthDev, Config, Person, TokenOptions};
use http::HeaderValue;
use reqwest::Client;
use serde_json::json;

use super::serve;
use crate::client::send;
use crate::clock::TestClock;
use crate::identity::CountingClock;
use crate::issuer::TestIssuer;
use crate::service::auth;

/// By another name the attribute cannot know it.
type Caller = Identity;

#[public(reason = "a mistake")]
async fn open_with_identity(_caller: Caller) -> &'static str {
    "never"
}

#[public(reason = "asks twice")]
async fn open_with_both(_who: MaybeIdentity, _caller: Caller) -> &'static str {
    "never"
}

#[public(reason = "greets everybody")]
async fn greet(MaybeIdentity(caller): MaybeIdentity) -> String {
    caller.map_or("stranger".to_owned(), |caller| caller.subject().to_owned())
}

#[public(reason = "has none")]
async fn open_with_option(caller: Option<Identity>) -> String {
    format!("{}", caller.is_some())
}

#[authenticated]
async fn guarded_with_option(caller: Option<Identity>) -> String {
    format!("{}", caller.is_some())
}

#[authenticated]
#[actix_web::get("/attribute-option")]
async fn attribute_with_option(caller: Option<Identity>) -> String {
    format!("{}", caller.is_some())
}

#[tokio::test]
async fn identities_are_had_as_promised() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let app = Router::new()
        .route("/identity", get(open_with_identity))
        .route("/both", get(open_with_both))
        .route("/greet", get(greet))
        .route("/open-option", get(open_with_option))
        .route("/guarded-option", get(guarded_with_option))
        .service(attribute_with_option)
        .app_data(web::Data::new(auth(&workos).build().unwrap()));
    let url = serve(app.finish().unwrap());
    let member = workos.token(Person::Member, &TokenOptions::default()).unwrap();

    let missing = (500, Some("guard_missing"), "");
    let anonymous = (401, Some("no_credentials"), "");
    let malformed = (401, Some("token_malformed"), "");
    let text = |text| (200, None, text);
    for (path, expected) in [
        ("/identity", [missing, missing, missing]),
        ("/both", [missing, malformed, missing]),
        ("/greet", [text("stranger"), malformed, text("user_01DEVMEMBER")]),
        ("/open-option", [text("false"), text("false"), text("false")]),
        ("/guarded-option", [anonymous, malformed, text("true")]),
        ("/attribute-option", [anonymous, malformed, text("true")]),
    ] {
        let tokens = [None, Some("a.b.c"), Some(member.as_str())];
        for (token, (status, code, body)) in tokens.into_iter().zip(expected) {
            let answer = send("GET", format!("{url}{path}"), token).await;
            assert_eq!(answer.outcome(), (status, code.map(str::to_owned)), "{path} {token:?}");
            if code.is_none() {
                assert_eq!(answer.body, body, "{path} {token:?}");
            }
        }
    }
}

#[authenticated]
async fn logs_its_request(request: HttpRequest) -> String {
    format!("{request:?} {:?}", request.headers())
}

#[tokio::test]
async fn authorization_headers_are_read_to_the_octet_and_not_logged() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let app = Router::new().route("/", get(logs_its_request));
    let url = serve(app.app_data(auth(&workos).build().unwrap()).finish().unwrap());
    let token = workos.token(Person::Member, &TokenOptions::default()).unwrap();
    let good = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
    let other = HeaderValue::from_static("Basic YTpi");
    let odd = HeaderValue::from_bytes(b"Bearer \xff").unwrap();

    for (headers, expected) in [
        (vec![], 401),
        (vec![&good], 200),
        (vec![&good, &good], 400),
        (vec![&good, &other], 400),
        (vec![&other], 401),
        (vec![&odd], 400),
    ] {
        let mut request = Client::new().get(&url);
        for header in &headers {
            request = request.header("authorization", (*header).clone());
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), expected, "{headers:?}");
        let body = answer.text().await.unwrap();
        assert!(!body.contains(&token), "{body}");
        assert!(expected != 200 || body.contains("authorization"), "{body}");
    }
}

#[require_admin]
async fn asks_four_times(_: MaybeIdentity, _: Identity, _: Guard<Admin>) -> &'static str {
    "ok"
}

#[require_admin]
#[actix_web::get("/attribute")]
async fn attribute_asks_four_times(
    _: MaybeIdentity,
    _: Identity,
    _: Guard<Authenticated>,
) -> &'static str {
    "ok"
}

#[public(reason = "asks side by side")]
async fn asks_side_by_side(_: MaybeIdentity, _: MaybeIdentity) -> &'static str {
    "ok"
}

#[tokio::test]
async fn a_request_is_verified_once() {
    let claims = json!({ "email": "ann@example.com", "email_verified": true });
    for path in ["/side-by-side", "/", "/attribute"] {
        // The first request of each waits for the keys.
        let verifications = Arc::new(AtomicUsize::new(0));
        let clock = CountingClock(TestClock::new(), Arc::clone(&verifications));
        let issuer = TestIssuer::start().await;
        let (auth, token) = (issuer.auth(clock).build().unwrap(), issuer.token(claims.clone()));
        let app = Router::new()
            .route("/", get(asks_four_times))
            .route("/side-by-side", get(asks_side_by_side))
            .service(attribute_asks_four_times)
            .app_data(auth);
        let url = serve(app.finish().unwrap());
        for requests in 1..=3 {
            let answer = send("GET", format!("{url}{path}"), Some(&token)).await;
            assert_eq!(answer.status, 200, "{path} {}", answer.body);
            assert_eq!(verifications.load(Ordering::SeqCst), requests, "{path}");
        }
    }
}

#[require_admin]
async fn administrators() -> &'static str {
    "ok"
}

/// A layer around the router can have asked another `Auth` already.
#[tokio::test]
async fn a_verification_counts_only_for_who_asked() {
    let (staff, customers) = (
        AuthDev::start(Config::default()).await.unwrap(),
        AuthDev::start(Config::default()).await.unwrap(),
    );
    let customers_auth = auth(&customers).build().unwrap();
    let app = Router::new().route("/", get(administrators));
    let app = app.app_data(auth(&staff).build().unwrap()).finish().unwrap();
    let server = HttpServer::new(move || {
        let around = actix_web::App::new().app_data(customers_auth.clone());
        let around = around.wrap(from_fn(async |mut request: ServiceRequest, next: Next<_>| {
            let asked = request.extract::<MaybeIdentity>().await.unwrap();
            assert!(asked.0.is_some());
            next.call(request).await
        }));
        around.service(app.clone())
    });
    let server = server.workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", server.addrs()[0]);
    tokio::spawn(server.run());
    let token = customers.token(Person::Admin, &TokenOptions::default()).unwrap();
    let answer = send("GET", url, Some(&token)).await;
    assert_eq!(answer.outcome(), (401, Some("issuer_unknown".to_owned())));
}

/// Outside of the guarded router nobody checks that there is an `Auth`.
#[tokio::test]
async fn a_guard_without_an_auth_refuses() {
    let server = HttpServer::new(|| {
        actix_web::App::new()
            .route("/guarded", web::get().to(administrators))
            .route("/public", web::get().to(greet))
    });
    let server = server.workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", server.addrs()[0]);
    tokio::spawn(server.run());
    for path in ["/guarded", "/public"] {
        let answer = send("GET", format!("{url}{path}"), None).await;
        assert_eq!(answer.outcome(), (500, Some("guard_missing".to_owned())), "{path}");
    }
}
