//! The guarded router: wherever a route comes from, its guard decides, and mistakes are told.

use ::auth_dev::{AuthDev, Config, Person, TokenOptions};
use auth_core::axum::{Router, any, get, post};
use auth_core::{Auth, Identity, MaybeIdentity, authenticated, public, require_admin};
use axum::handler::Handler;
use axum::http::HeaderValue;
use axum::middleware::map_response;
use axum::response::Response;

use crate::support::{auth, send, serve};

#[authenticated]
async fn guarded(caller: Identity) -> String {
    caller.subject().to_owned()
}

#[require_admin]
async fn administrators() {}

#[public(reason = "everybody may")]
async fn open() {}

/// By another name the attribute cannot know it.
type Caller = Identity;

#[public(reason = "a mistake")]
async fn open_with_identity(_caller: Caller) {}

#[public(reason = "asks twice")]
async fn open_with_both(_who: MaybeIdentity, _caller: Caller) {}

async fn mark(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert("x-layer", HeaderValue::from_static("seen"));
    response
}

fn router() -> Router<Auth> {
    let nested = Router::new()
        .route("/", get(guarded))
        .route("/inner/{id}", get(guarded).post(administrators))
        .fallback(guarded);
    let merged = Router::new().route("/merged", any(guarded));
    Router::new()
        .route("/", get(open))
        .route("/layered", get(guarded.layer(map_response(mark))))
        .route("/get-layered", get(guarded).layer(map_response(mark)))
        .nest("/nested", nested)
        .merge(merged)
        .fallback(administrators)
        .layer(map_response(mark))
}

#[tokio::test]
async fn routes_are_guarded_wherever_they_come_from() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let auth = auth(&workos).build().unwrap();
    let url = serve(router().with_state(auth).finish().unwrap()).await;
    let member = workos
        .token(Person::Member, &TokenOptions::default())
        .unwrap();

    for (method, path, anonymous, as_member) in [
        ("GET", "/", 200, 200),
        ("HEAD", "/", 200, 200),
        ("POST", "/", 405, 405),
        ("GET", "/layered", 401, 200),
        ("GET", "/get-layered", 401, 200),
        ("HEAD", "/layered", 401, 200),
        ("OPTIONS", "/layered", 405, 405),
        ("TRACE", "/layered", 405, 405),
        ("BREW", "/layered", 405, 405),
        ("GET", "/nested", 401, 200),
        ("GET", "/nested/inner/7", 401, 200),
        ("POST", "/nested/inner/7", 401, 403),
        ("GET", "/nested/missing", 401, 200),
        ("PUT", "/merged", 401, 200),
        ("BREW", "/merged", 401, 200),
        ("GET", "/missing", 401, 403),
        ("GET", "//", 401, 403),
        ("GET", "/nested/inner/7/", 401, 200),
        ("GET", "/%6dissing", 401, 403),
    ] {
        for (token, expected) in [(None, anonymous), (Some(member.as_str()), as_member)] {
            let answer = send(method, format!("{url}{path}"), token).await;
            let case = format!(
                "{method} {path} {}",
                if token.is_some() { "as member" } else { "" }
            );
            assert_eq!(answer.status, expected, "{case}");
            assert_eq!(answer.headers["x-layer"], "seen", "{case}");
        }
    }
}

#[tokio::test]
async fn the_table_has_nested_merged_and_fallback_routes() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let app = router()
        .with_state(auth(&workos).build().unwrap())
        .finish()
        .unwrap();
    assert_eq!(
        app.access_table().to_string(),
        "\
GET   /                   public (everybody may)  guarded_router::open
*     /*                  admin                   guarded_router::administrators
GET   /get-layered        authenticated           guarded_router::guarded
GET   /layered            authenticated           guarded_router::guarded
*     /merged             authenticated           guarded_router::guarded
GET   /nested             authenticated           guarded_router::guarded
*     /nested/*           authenticated           guarded_router::guarded
GET   /nested/inner/{id}  authenticated           guarded_router::guarded
POST  /nested/inner/{id}  admin                   guarded_router::administrators
"
    );
}

#[tokio::test]
async fn an_identity_without_an_authenticating_guard_is_a_mistake_of_the_service() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let routes = Router::new()
        .route("/", get(open_with_identity))
        .route("/both", get(open_with_both));
    let app = routes
        .with_state(auth(&workos).build().unwrap())
        .finish()
        .unwrap();
    let url = serve(app).await;
    let token = workos
        .token(Person::Admin, &TokenOptions::default())
        .unwrap();

    for path in ["/", "/both"] {
        for token in [None, Some(token.as_str())] {
            let answer = send("GET", format!("{url}{path}"), token).await;
            assert_eq!(
                answer.outcome(),
                (500, Some("guard_missing".to_owned())),
                "{path}"
            );
        }
    }
}

/// Where axum would panic, `finish` tells; and it tells of all mistakes at once.
#[test]
fn wiring_mistakes_are_told_together() {
    let auth = Auth::workos("client_01TEST").build().unwrap();
    let with_fallback = || Router::new().fallback(guarded);
    let one = || Router::new().route("/one", get(guarded));
    let cases: [(&str, Router<Auth>, &[&str]); 14] = [
        (
            "a path without a slash",
            Router::new().route("x", get(guarded)),
            &["\"x\""],
        ),
        (
            "an empty path",
            Router::new().route("", get(guarded)),
            &["\"\""],
        ),
        (
            "old syntax",
            Router::new().route("/:id", get(guarded)),
            &["`:id`", "`{id}`"],
        ),
        (
            "old wildcard",
            Router::new().route("/a/*rest", get(guarded)),
            &["`*rest`"],
        ),
        (
            "an open brace",
            Router::new().route("/{id", get(guarded)),
            &["/{id"],
        ),
        (
            "the same method twice",
            one().route("/one", get(guarded)),
            &["GET /one"],
        ),
        (
            "the same method twice in one call",
            Router::new().route("/one", get(guarded).get(guarded)),
            &["GET /one"],
        ),
        (
            "the same parameter by two names",
            Router::new()
                .route("/{a}", get(guarded))
                .route("/{b}", post(guarded)),
            &["/{b}"],
        ),
        (
            "the same route by merging",
            one().merge(one()),
            &["GET /one"],
        ),
        (
            "the same route by nesting",
            one().route("/a/one", get(guarded)).nest("/a", one()),
            &["/a/one"],
        ),
        (
            "a nest at the root",
            Router::new().nest("/", one()),
            &["\"/\"", "merge"],
        ),
        (
            "a nest at a wildcard",
            Router::new().nest("/{*rest}", one()),
            &["wildcard"],
        ),
        (
            "two fallbacks",
            with_fallback().merge(with_fallback()),
            &["/*"],
        ),
        (
            "several mistakes",
            Router::new()
                .route("x", get(guarded))
                .nest("/", one())
                .merge(
                    one()
                        .route("/one", get(guarded))
                        .route("/{id", get(guarded)),
                ),
            &["\"x\"", "\"/\"", "GET /one", "/{id"],
        ),
    ];
    for (case, router, texts) in cases {
        let error = router
            .with_state(auth.clone())
            .finish()
            .err()
            .unwrap_or_else(|| panic!("{case}"))
            .to_string();
        for text in texts {
            assert!(error.contains(text), "{case}: {text} in {error}");
        }
    }
}
