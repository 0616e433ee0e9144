//! The guarded router: wherever a route comes from, its guard decides, and mistakes are told.

use ::auth_dev::{AuthDev, Config, Person, TokenOptions};
use auth_core::axum::{Router, any, get, post};
use auth_core::{Auth, Identity, MaybeIdentity, authenticated, public, require_admin};
use axum::body::Body;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::{HeaderValue, Uri};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::Response;
use tower_service::Service;

use crate::client::send;
use crate::service::{auth, serve};

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
    response.headers_mut().insert("x-layer", HeaderValue::from_static("seen"));
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
    let member = workos.token(Person::Member, &TokenOptions::default()).unwrap();

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
            let case =
                format!("{method} {path} {}", if token.is_some() { "as member" } else { "" });
            assert_eq!(answer.status, expected, "{case}");
            assert_eq!(answer.headers["x-layer"], "seen", "{case}");
        }
    }
}

#[tokio::test]
async fn the_table_has_nested_merged_and_fallback_routes() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let app = router().with_state(auth(&workos).build().unwrap()).finish().unwrap();
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

/// Says which path it was asked for.
fn files() -> axum::Router {
    axum::Router::new().fallback(async |uri: Uri| uri.path().to_owned())
}

#[tokio::test]
async fn a_service_of_others_is_public_by_name_and_for_a_reason() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let nested = Router::new().service_public("/more", "style sheets", files());
    let app = Router::new()
        .route("/", get(guarded))
        .service_public("/assets", "files of the front end", files())
        .nest("/nested", nested)
        .fallback(guarded)
        .with_state(auth(&workos).build().unwrap())
        .finish()
        .unwrap();
    let table = app.access_table().to_string();
    let url = serve(app).await;
    for (path, expected) in [
        ("/assets", (200, "/")),
        ("/assets/", (200, "/")),
        ("/assets/app.js", (200, "/app.js")),
        ("/nested/more/a/b.css", (200, "/a/b.css")),
    ] {
        let answer = send("GET", format!("{url}{path}"), None).await;
        assert_eq!((answer.status, answer.body.as_str()), expected, "{path}");
    }
    for path in ["/", "/assetsx", "/nested", "/nested/mor"] {
        assert_eq!(send("GET", format!("{url}{path}"), None).await.status, 401, "{path}");
    }
    let rows: Vec<&str> = table.lines().filter(|row| row.contains("public")).collect();
    assert_eq!(rows.len(), 2, "{table}");
    assert!(rows[0].starts_with("*    /assets/*       public (files of the front end)"), "{table}");
    assert!(rows[1].starts_with("*    /nested/more/*  public (style sheets)"), "{table}");
}

#[test]
fn a_public_service_that_cannot_be_meant_is_a_mistake() {
    let auth = Auth::workos("client_01TEST").build().unwrap();
    let router: Router = Router::new()
        .route("/taken/{id}", get(guarded))
        .route("/assets", get(guarded))
        .service_public("/no-reason", " ", files())
        .service_public("/", "everything", files())
        .service_public("/assets", "files", files())
        .service_public("/taken", "files", files())
        .service_public("/twice", "files", files())
        .service_public("/twice", "files", files())
        .with_state(auth);
    let told = router.finish().unwrap_err().to_string();
    let mistakes: Vec<&str> = told.lines().skip(1).collect();
    assert_eq!(mistakes.len(), 5, "{told}");
    for (mistake, part) in
        mistakes.iter().zip(["/no-reason", "\"/\"", "/assets/*", "/taken/*", "/twice/*"])
    {
        assert!(mistake.contains(part), "{told}");
    }
}

#[tokio::test]
async fn an_identity_without_an_authenticating_guard_is_a_mistake_of_the_service() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let routes =
        Router::new().route("/", get(open_with_identity)).route("/both", get(open_with_both));
    let app = routes.with_state(auth(&workos).build().unwrap()).finish().unwrap();
    let url = serve(app).await;
    let token = workos.token(Person::Admin, &TokenOptions::default()).unwrap();

    for path in ["/", "/both"] {
        for token in [None, Some(token.as_str())] {
            let answer = send("GET", format!("{url}{path}"), token).await;
            assert_eq!(answer.outcome(), (500, Some("guard_missing".to_owned())), "{path}");
        }
    }
}

/// Where axum would panic, `finish` tells; and it tells of all mistakes at once.
#[test]
fn wiring_mistakes_are_told_together() {
    let auth = Auth::workos("client_01TEST").build().unwrap();
    let with_fallback = || Router::new().fallback(guarded);
    let twice = |path| Router::new().route(path, get(guarded)).route(path, any(guarded));
    let one = || Router::new().route("/one", get(guarded));
    let cases: [(&str, Router<Auth>, &[&str]); 20] = [
        ("a path without a slash", Router::new().route("x", get(guarded)), &["\"x\""]),
        ("an empty path", Router::new().route("", get(guarded)), &["\"\""]),
        ("old syntax", Router::new().route("/:id", get(guarded)), &["`:id`", "`{id}`"]),
        ("old wildcard", Router::new().route("/a/*rest", get(guarded)), &["`*rest`"]),
        ("an open brace", Router::new().route("/{id", get(guarded)), &["/{id"]),
        ("the same method twice", one().route("/one", get(guarded)), &["GET /one"]),
        (
            "the same method twice in one call",
            Router::new().route("/one", get(guarded).get(guarded)),
            &["GET /one"],
        ),
        (
            "the same parameter by two names",
            Router::new().route("/{a}", get(guarded)).route("/{b}", post(guarded)),
            &["/{b}"],
        ),
        ("the same route by merging", one().merge(one()), &["GET /one"]),
        (
            "the same route by nesting",
            one().route("/a/one", get(guarded)).nest("/a", one()),
            &["/a/one"],
        ),
        ("a nest at the root", Router::new().nest("/", one()), &["\"/\"", "merge"]),
        ("a nest at a wildcard", Router::new().nest("/{*rest}", one()), &["wildcard"]),
        ("a slash behind a prefix", Router::new().nest("/a/", one()), &["\"/a/\"", "slash"]),
        ("the same bad path twice", twice("/{x}-b"), &["/{x}-b"]),
        ("the same empty parameter twice", twice("/{}"), &["/{}"]),
        ("the same early wildcard twice", twice("/{*r}/x"), &["/{*r}/x"]),
        ("a fallback below a parameter", Router::new().nest("/{x}", with_fallback()), &["/{x}"]),
        (
            "a fallback that axum would lose",
            Router::new().nest("/a", Router::new().nest("/b", with_fallback())),
            &["\"/a\"", "/b/*"],
        ),
        ("two fallbacks", with_fallback().merge(with_fallback()), &["/*"]),
        (
            "several mistakes",
            Router::new()
                .route("x", get(guarded))
                .nest("/", one())
                .merge(one().route("/one", get(guarded)).route("/{id", get(guarded))),
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

/// Extensions travel: through routers with other states, and into other requests.
#[tokio::test]
async fn a_verification_counts_only_for_who_asked_and_who_was_asked() {
    let (staff, customers) = (
        AuthDev::start(Config::default()).await.unwrap(),
        AuthDev::start(Config::default()).await.unwrap(),
    );
    let staff_auth = auth(&staff).build().unwrap();
    let customers_auth = auth(&customers).build().unwrap();

    // A layer of another `Auth` around the route.
    let around = from_fn_with_state(
        customers_auth.clone(),
        |_: MaybeIdentity, request: Request, next: Next| next.run(request),
    );
    let router = Router::new().route("/", get(administrators)).layer(around);
    let url = serve(router.with_state(staff_auth.clone()).finish().unwrap()).await;
    let token = customers.token(Person::Admin, &TokenOptions::default()).unwrap();
    let answer = send("GET", url, Some(&token)).await;
    assert_eq!(answer.outcome(), (401, Some("issuer_unknown".to_owned())));

    // The extensions of a good request in an anonymous one, and in one with another token.
    let mut app = Router::new()
        .route("/", get(administrators))
        .route("/keep", get(keep_extensions))
        .with_state(staff_auth)
        .finish()
        .unwrap();
    let token = staff.token(Person::Admin, &TokenOptions::default()).unwrap();
    let good = axum::http::Request::get("/keep").header("authorization", format!("Bearer {token}"));
    let kept = app.call(good.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(kept.status(), 200);
    for authorization in [None, Some("Bearer a.b.c")] {
        let mut other = axum::http::Request::get("/");
        if let Some(value) = authorization {
            other = other.header("authorization", value);
        }
        let mut other = other.body(Body::empty()).unwrap();
        other.extensions_mut().extend(kept.extensions().clone());
        let answer = app.call(other).await.unwrap();
        assert_eq!(answer.status(), 401, "{authorization:?}");
    }
}

#[require_admin]
async fn keep_extensions(request: Request) -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().extend(request.extensions().clone());
    response
}

/// What a service can write to have axum answer in the handler's place.
mod impostors {
    use std::future::Ready;

    use auth_core::Guard;
    use auth_core::policy::Admin;
    use axum::extract::{FromRef, Request};
    use axum::handler::Handler;
    use axum::response::{IntoResponse, Response};

    use super::Auth;

    #[derive(Clone, FromRef)]
    pub(super) struct State {
        pub(super) auth: Auth,
    }

    /// No response, so axum's own implementations leave room.
    pub(super) struct Nothing;

    pub(super) struct Mine;

    pub(super) type Impostor = fn(Guard<Admin>) -> Ready<Nothing>;

    pub(super) fn never(_: Guard<Admin>) -> Ready<Nothing> {
        std::future::ready(Nothing)
    }

    impl Handler<(Mine, Guard<Admin>), State> for Impostor {
        type Future = Ready<Response>;

        fn call(self, _request: Request, _state: State) -> Self::Future {
            std::future::ready("anybody can read this".into_response())
        }
    }
}

#[tokio::test]
async fn the_router_asks_the_guard_whatever_the_handler_does() {
    use impostors::{Impostor, Mine, State};

    let workos = AuthDev::start(Config::default()).await.unwrap();
    let answers_itself = from_fn(|_: Request, _: Next| async { "anybody can read this" });
    let app = Router::new()
        .route("/impostor", get::<_, (Mine, _), State>(impostors::never as Impostor))
        .route("/layer", get(administrators.layer(answers_itself)))
        .with_state(State { auth: auth(&workos).build().unwrap() })
        .finish()
        .unwrap();
    let url = serve(app).await;
    for path in ["/impostor", "/layer"] {
        assert_eq!(send("GET", format!("{url}{path}"), None).await.status, 401, "{path}");
    }
}
