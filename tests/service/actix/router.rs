//! Wherever a route comes from, its guard decides.

use actix_web::web::Path;
use actix_web::{HttpResponse, HttpServer};
use auth_core::actix::{Router, any, delete, get, post};
use auth_core::{Identity, authenticated, public, require_admin};
use auth_dev::{AuthDev, Config, Person, TokenOptions};

use super::serve;
use crate::client::send;
use crate::service::auth;

#[authenticated]
async fn guarded(caller: Identity) -> String {
    caller.subject().to_owned()
}

#[require_admin]
async fn administrators() -> &'static str {
    "administrators"
}

#[public(reason = "everybody may")]
async fn open() -> &'static str {
    "open"
}

#[public(reason = "answers HEAD by itself")]
async fn head_only() -> HttpResponse {
    HttpResponse::ImATeapot().finish()
}

#[authenticated]
#[actix_web::get("/attribute/{id}")]
async fn attribute(id: Path<u32>, caller: Identity) -> String {
    format!("{} asks for {id}", caller.subject())
}

#[require_admin]
#[actix_web::routes]
#[get("/several")]
#[post("several/{id}")]
async fn several() -> &'static str {
    "several"
}

#[public(reason = "everybody may")]
#[actix_web::route("/by-route", method = "GET", method = "HEAD")]
async fn by_route() -> &'static str {
    "by route"
}

fn router() -> Router {
    let nested = Router::new()
        .route("/", get(guarded))
        .route("/inner/{id:\\d+}", get(guarded).post(administrators))
        .service(attribute)
        .fallback(guarded);
    let without_fallback = Router::new().route("/deep", get(open));
    let merged = Router::new().route("/merged", any(guarded));
    Router::new()
        .route("/", get(open))
        .route("/one", get(guarded))
        .route("/one", delete(administrators))
        .route("/heads", any(guarded).get(administrators).head(head_only))
        .service(several)
        .service(by_route)
        .nest("/nested", nested)
        .nest("/plain", without_fallback)
        .merge(merged)
        .service_public("/files", "downloads", || {
            actix_web::web::resource("/logo.svg").to(HttpResponse::Ok)
        })
        .fallback(administrators)
}

#[tokio::test]
async fn routes_are_guarded_wherever_they_come_from() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let auth = auth(&workos).build().unwrap();
    let url = serve(router().app_data(auth).finish().unwrap());
    let token = |person| workos.token(person, &TokenOptions::default()).unwrap();
    let (member, admin) = (token(Person::Member), token(Person::Admin));

    for (method, path, anonymous, as_member, as_admin) in [
        ("GET", "/", 200, 200, 200),
        ("HEAD", "/", 200, 200, 200),
        ("POST", "/", 405, 405, 405),
        ("GET", "/one", 401, 200, 200),
        ("HEAD", "/one", 401, 200, 200),
        ("DELETE", "/one", 401, 403, 200),
        ("OPTIONS", "/one", 405, 405, 405),
        ("TRACE", "/one", 405, 405, 405),
        ("BREW", "/one", 405, 405, 405),
        ("GET", "/heads", 401, 403, 200),
        ("HEAD", "/heads", 418, 418, 418),
        ("PUT", "/heads", 401, 200, 200),
        ("GET", "/several", 401, 403, 200),
        ("POST", "/several/7", 401, 403, 200),
        ("DELETE", "/several", 401, 403, 200),
        ("HEAD", "/by-route", 200, 200, 200),
        ("GET", "/nested", 401, 200, 200),
        ("HEAD", "/nested", 401, 200, 200),
        ("GET", "/nested/", 401, 200, 200),
        ("GET", "/nested/inner/7", 401, 200, 200),
        ("POST", "/nested/inner/7", 401, 403, 200),
        ("POST", "/nested/inner/x", 401, 200, 200),
        ("GET", "/nested/attribute/7", 401, 200, 200),
        ("GET", "/nested/attribute/x", 401, 404, 404),
        ("GET", "/nested/missing", 401, 200, 200),
        ("GET", "/nestedx", 401, 403, 200),
        ("GET", "/plain/deep", 200, 200, 200),
        ("GET", "/plain", 401, 403, 200),
        ("GET", "/plain/missing", 401, 403, 200),
        ("PUT", "/merged", 401, 200, 200),
        ("BREW", "/merged", 401, 200, 200),
        ("GET", "/files/logo.svg", 200, 200, 200),
        ("GET", "/missing", 401, 403, 200),
        ("GET", "//", 401, 403, 200),
        ("GET", "/%6dissing", 401, 403, 200),
        ("GET", "/one/", 401, 403, 200),
    ] {
        let callers = [
            (None, anonymous),
            (Some(member.as_str()), as_member),
            (Some(admin.as_str()), as_admin),
        ];
        for (number, (token, expected)) in callers.into_iter().enumerate() {
            let answer = send(method, format!("{url}{path}"), token).await;
            assert_eq!(answer.status, expected, "{method} {path}, caller {number}");
            if method == "HEAD" {
                assert_eq!(answer.body, "", "{path}");
            }
        }
    }
}

#[tokio::test]
async fn a_refusal_is_the_same_answer_as_everywhere() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let auth = auth(&workos).build().unwrap();
    let url = serve(router().app_data(auth.clone()).finish().unwrap());

    let refusal = auth.authenticate(&bearer("a.b.c")).await.unwrap_err();
    let expected = refusal.to_response();
    let answer = send("GET", format!("{url}/one"), Some("a.b.c")).await;
    assert_eq!(answer.status, expected.status().as_u16());
    assert_eq!(&answer.body, expected.body());
    for (name, value) in expected.headers() {
        assert_eq!(answer.headers.get_all(name).iter().collect::<Vec<_>>(), [value], "{name}");
    }
}

fn bearer(token: &str) -> http::HeaderMap {
    let mut headers = http::HeaderMap::new();
    headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    headers
}

#[tokio::test]
async fn the_table_has_every_route() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let app = router().app_data(auth(&workos).build().unwrap()).finish().unwrap();
    let table = app.access_table().to_string();
    let rows: Vec<String> =
        table.lines().map(|row| row.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        rows,
        [
            "GET / public (everybody may) actix::router::open",
            "* /* admin actix::router::administrators",
            "GET /by-route public (everybody may) actix::router::by_route",
            "HEAD /by-route public (everybody may) actix::router::by_route",
            "* /files/* public (downloads) resource::Resource",
            "* /heads authenticated actix::router::guarded",
            "GET /heads admin actix::router::administrators",
            "HEAD /heads public (answers HEAD by itself) actix::router::head_only",
            "* /merged authenticated actix::router::guarded",
            "GET /nested authenticated actix::router::guarded",
            "* /nested/* authenticated actix::router::guarded",
            "GET /nested/attribute/{id} authenticated actix::router::attribute",
            "GET /nested/inner/{id:\\d+} authenticated actix::router::guarded",
            "POST /nested/inner/{id:\\d+} admin actix::router::administrators",
            "DELETE /one admin actix::router::administrators",
            "GET /one authenticated actix::router::guarded",
            "GET /plain/deep public (everybody may) actix::router::open",
            "GET /several admin actix::router::several",
            "POST /several/{id} admin actix::router::several",
        ]
    );
}

/// A fallback is asked with the `Auth` of the router that it was given to, wherever it answers.
#[tokio::test]
async fn a_fallback_keeps_its_auth_inside_a_nested_router_with_another() {
    let (staff, customers) = (
        AuthDev::start(Config::default()).await.unwrap(),
        AuthDev::start(Config::default()).await.unwrap(),
    );
    let nested =
        Router::new().route("/known", get(guarded)).app_data(auth(&customers).build().unwrap());
    let router = Router::new()
        .route("/staff", post(guarded))
        .nest("/customers", nested)
        .fallback(guarded)
        .app_data(auth(&staff).build().unwrap());
    let url = serve(router.finish().unwrap());
    let token = |of: &AuthDev| of.token(Person::Member, &TokenOptions::default()).unwrap();
    let (staff, customer) = (token(&staff), token(&customers));

    for (path, as_staff, as_customer) in
        [("/customers/known", 401, 200), ("/customers/unknown", 200, 401), ("/unknown", 200, 401)]
    {
        for (token, expected) in [(&staff, as_staff), (&customer, as_customer)] {
            let answer = send("GET", format!("{url}{path}"), Some(token)).await;
            assert_eq!(answer.status, expected, "{path}");
        }
    }
}

#[tokio::test]
async fn an_app_stands_in_any_scope_and_can_be_left() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let app = Router::new()
        .route("/me", get(guarded))
        .app_data(auth(&workos).build().unwrap())
        .finish()
        .unwrap();
    let server = HttpServer::new(move || {
        let left = app.clone().into_unguarded().route("/naked", actix_web::web::get().to(naked));
        let api = actix_web::web::scope("/api").service(app.clone());
        actix_web::App::new()
            .service(api.route("/behind", actix_web::web::get().to(naked)))
            .service(actix_web::web::scope("/left").service(left))
    });
    let server = server.workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", server.addrs()[0]);
    tokio::spawn(server.run());
    for (path, expected) in [
        ("/api/me", 401),
        ("/api/naked", 404),
        ("/api/behind", 404),
        ("/left/me", 401),
        ("/left/naked", 200),
    ] {
        assert_eq!(send("GET", format!("{url}{path}"), None).await.status, expected, "{path}");
    }
}

async fn naked() -> &'static str {
    "open"
}
