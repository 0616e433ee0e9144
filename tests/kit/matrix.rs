//! The matrix passes where every answer is the expected one, and tells every one that is not.

use std::convert::Infallible;
use std::panic::catch_unwind;
use std::pin::Pin;
use std::task::{Context, Poll};

use auth_core::AuthError;
use auth_core::axum::App;
use auth_core::testing::{Matrix, TestUser, as_user, issuer};
use axum::body::{Body, Bytes};
use futures_core::Stream;
use http::{Request, Response};

use crate::service;

fn app() -> App {
    service::app(issuer().auth().admin_domain("example.com").build().unwrap())
}

fn callers() -> [(&'static str, Option<TestUser>); 4] {
    [
        ("anonymous", None),
        ("expired", Some(as_user("alice").expired())),
        ("alice", Some(as_user("alice").role("editor"))),
        ("admin", Some(as_user("root").email("root@example.com"))),
    ]
}

/// What fails says so.
async fn message(test: impl Future<Output = ()> + Send + 'static) -> String {
    let panic = tokio::spawn(test).await.expect_err("the matrix must fail").into_panic();
    *panic.downcast::<String>().unwrap()
}

#[tokio::test]
async fn every_route_and_caller_of_a_service() {
    let app = app();
    Matrix::new(callers())
        .row("GET /health", [200, 200, 200, 200])
        .row("GET /me", [401, 401, 200, 200])
        .row("GET /posts/new", ["401 no_credentials", "401 token_expired", "200", "403 forbidden"])
        .row("GET /posts/7", [200; 4])
        .row("DELETE /posts/7", [401, 401, 403, 204])
        .row("DELETE /posts/seven", [401, 401, 403, 400])
        .row("GET /accounts/7", [401, 401, 200, 404])
        .row("POST /accounts/7/more", ["401 no_credentials", "401 token_expired", "200", "200"])
        .row("GET /nowhere", ["404"; 4])
        .covers(app.access_table())
        .assert(&app)
        .await;
}

#[tokio::test]
async fn all_differences_are_told_at_once() {
    let app = app();
    let matrix = Matrix::new(callers())
        .row("GET /me", [401, 401, 403, 200])
        .row("GET /health", [200, 401, 200, 200])
        .row("DELETE /posts/7", ["401", "401 token_invalid", "403 email_missing", "200"])
        .covers(app.access_table());
    let message = message(async move { matrix.assert(&app).await }).await;
    assert_eq!(
        message,
        "\
5 answers differ:
  route            caller     expected           came
  GET /me          alice      403                200
  GET /health      expired    401                200
  DELETE /posts/7  anonymous  401                401 no_credentials
  DELETE /posts/7  expired    401 token_invalid  401 token_expired
  DELETE /posts/7  admin      200                204
no row is about these routes of the access table:
  * /accounts/* (authenticated)
  GET /accounts/{account_id} (MayRead)
  GET /posts/new (Editor)
  GET /posts/{id} (public)
"
    );
}

#[tokio::test]
async fn a_row_is_about_the_route_that_serves_it() {
    let missing = async |route: &'static str, answers: [u16; 4]| {
        let app = app();
        let matrix = Matrix::new(callers()).row(route, answers).covers(app.access_table());
        message(async move { matrix.assert(&app).await }).await
    };
    let static_path = missing("GET /posts/new", [401, 401, 200, 403]).await;
    assert!(static_path.contains("GET /posts/{id}") && !static_path.contains("GET /posts/new"));
    let other_method = missing("PUT /me", [405; 4]).await;
    assert!(other_method.contains("GET /me"));
    let head = missing("HEAD /me", [401, 401, 200, 200]).await;
    assert!(!head.contains("GET /me"));
    let fallback = missing("GET /accounts/7/x", [401, 401, 200, 200]).await;
    assert!(!fallback.contains("/accounts/*") && fallback.contains("GET /accounts/{account_id}"));
}

#[tokio::test]
async fn requests_can_have_a_body_and_a_query() {
    let echo = async |request: Request<String>| {
        let status = if request.uri().query() == Some("page=2") { 200 } else { 400 };
        let status = if request.body() == "hello" { status } else { 422 };
        Response::builder().status(status).body(Vec::new()).unwrap()
    };
    let request = Request::post("/posts?page=2").body("hello".to_owned()).unwrap();
    Matrix::new(callers()).request(request, [200; 4]).assert_with(echo).await;
}

/// As a service of another framework does, or a client of one that runs.
#[tokio::test]
async fn any_function_that_answers_can_be_asserted() {
    let auth = issuer().auth().build().unwrap();
    let service = async |request: Request<String>| match auth.authenticate(request.headers()).await
    {
        Ok(Some(_)) => Response::new(r#"{"code":"no code, since nothing is refused"}"#.to_owned()),
        Ok(None) => Response::builder().status(401).body("sign in".to_owned()).unwrap(),
        Err(refusal) => AuthError::to_response(&refusal),
    };
    Matrix::new(callers())
        .row("GET /", ["401", "401 token_expired", "200", "200"])
        .assert_with(service)
        .await;
}

/// It may be a stream without an end.
#[tokio::test]
async fn the_body_of_a_success_is_not_read() {
    async fn stream() -> Body {
        Body::from_stream(Unread)
    }
    let app = axum::Router::new().route("/", axum::routing::get(stream));
    Matrix::new(callers()).row("GET /", [200; 4]).assert(&app).await;
}

struct Unread;

impl Stream for Unread {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        panic!("the body is read");
    }
}

#[test]
fn what_is_no_route_or_answer_is_told() {
    let told = |route: &'static str, answer: &'static str| {
        let panic = catch_unwind(|| {
            let _ = Matrix::new([("anonymous", None)]).row(route, [answer]);
        });
        *panic.unwrap_err().downcast::<String>().unwrap()
    };
    for route in ["GET", "/me", "get /me", "GET me", "GET  /me", "", "G@T /me"] {
        let message = told(route, "200");
        assert!(message.starts_with(&format!("{route:?} is no route: give a method")), "{message}");
    }
    for answer in ["forbidden", "", "4o3 forbidden"] {
        let message = told("GET /me", answer);
        assert!(message.starts_with(&format!("{answer:?} is no answer: give")), "{message}");
    }
}
