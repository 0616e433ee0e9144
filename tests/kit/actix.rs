//! The kit on actix-web.

use actix_web::dev::Service;
use actix_web::http::header::AUTHORIZATION;
use actix_web::test::{TestRequest, init_service};
use actix_web::web;
use auth_core::actix::{App, Router, get};
use auth_core::testing::{Matrix, TestIssuer, as_user, issuer};
use auth_core::{Auth, Identity, authenticated, public, require, require_admin};

#[public(reason = "load balancer probe")]
async fn health() -> &'static str {
    "ok"
}

#[authenticated]
async fn me(caller: Identity) -> String {
    caller.subject().to_owned()
}

#[require(role("editor"))]
async fn publish(post: web::Json<String>) -> String {
    post.into_inner()
}

#[require_admin]
#[actix_web::delete("/posts/{id}")]
async fn delete_post(_id: web::Path<u64>) -> &'static str {
    "deleted"
}

fn app() -> App {
    Router::new()
        .route("/me", get(me))
        .route("/posts", get(health).post(publish))
        .service(delete_post)
        .nest("/probes", Router::new().route(r"/{name:\w+}", get(health)))
        .fallback(me)
        .app_data(issuer().auth().admin_domain("example.com").build().unwrap())
        .finish()
        .unwrap()
}

fn matrix() -> Matrix<3> {
    Matrix::new([
        ("anonymous", None),
        ("editor", Some(as_user("ed").role("editor"))),
        ("admin", Some(as_user("ann").email("ann@example.com"))),
    ])
}

#[tokio::test]
async fn every_route_and_caller_of_a_service() {
    let app = app();
    let post = http::Request::post("/posts?draft=1").header("content-type", "application/json");
    matrix()
        .row("GET /me", ["401 no_credentials", "200", "200"])
        .row("GET /posts", [200; 3])
        .row("POST /posts", [401, 400, 403])
        .request(post.body(r#""hello""#.to_owned()).unwrap(), [401, 200, 403])
        .row("DELETE /posts/7", ["401 no_credentials", "403 email_missing", "200"])
        .row("DELETE /posts/seven", ["401 no_credentials", "403 email_missing", "404"])
        .row("GET /probes/live", [200; 3])
        .row("GET /elsewhere", [401, 200, 200])
        .covers(app.access_table())
        .assert_actix(&app)
        .await;
}

#[tokio::test]
#[should_panic = "\
1 answers differ:
  route    caller  expected  came
  GET /me  editor  403       200
no row is about these routes of the access table:
  * /* (authenticated)
  GET /posts (public)
  POST /posts (role(\"editor\"))
  DELETE /posts/{id} (admin)
  GET /probes/{name:\\w+} (public)
"]
async fn what_differs_is_told() {
    let app = app();
    let matrix = matrix().row("GET /me", [401, 403, 200]).covers(app.access_table());
    matrix.assert_actix(&app).await;
}

/// A guarded router asks its own `Auth`, whatever the application around it has.
#[tokio::test]
async fn the_auth_of_the_router_decides() {
    let (ours, theirs) = (TestIssuer::new(), TestIssuer::new());
    let build = |issuer: &TestIssuer| issuer.auth().build().unwrap();
    let routers: [fn(Auth) -> Router; 2] =
        [|auth| Router::new().app_data(web::Data::new(auth)), |auth| Router::new().app_data(auth)];
    for router in routers {
        let app = router(build(&ours)).route("/me", get(me)).finish().unwrap();
        for (issuer, expected) in [(&ours, 200), (&theirs, 401)] {
            let around = actix_web::App::new()
                .app_data(build(&theirs))
                .app_data(web::Data::new(build(&theirs)))
                .service(app.clone());
            let service = init_service(around).await;
            let request = issuer.as_user("alice").on(TestRequest::get().uri("/me"));
            let response = service.call(request.to_request()).await.unwrap();
            assert_eq!(response.status(), expected);
        }
    }
}

#[test]
fn a_request_of_actix_bears_the_token_and_nothing_else() {
    let ed = as_user("ed");
    let request = ed.on(TestRequest::get().insert_header((AUTHORIZATION, "Basic x")));
    let request = request.to_http_request();
    let credentials: Vec<_> = request.headers().get_all(AUTHORIZATION).collect();
    assert_eq!(credentials, [format!("Bearer {}", ed.token()).as_str()]);
}
