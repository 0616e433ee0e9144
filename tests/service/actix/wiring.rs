//! Where a router would not do what its table says, `finish` tells; and it tells of all mistakes at
//! once.

use actix_web::{HttpResponse, web};
use auth_core::actix::{Router, any, get, post};
use auth_core::policy::{Decision, Policy, PolicyError, RequestView};
use auth_core::{Auth, Identity, authenticated, public, require};

#[authenticated]
async fn first() -> &'static str {
    "ok"
}

#[authenticated]
async fn second() -> &'static str {
    "ok"
}

#[public(reason = "everybody may")]
async fn open() -> &'static str {
    "ok"
}

#[derive(Clone)]
struct Db;

struct Owns;

impl Policy for Owns {
    type State = Db;
    const PATH_PARAMETERS: &'static [&'static str] = &["account"];

    async fn check(
        _request: &RequestView<'_>,
        _caller: &Identity,
        _db: &Db,
    ) -> Result<Decision, PolicyError> {
        Ok(Decision::Allow)
    }
}

#[require(Owns)]
async fn account() -> &'static str {
    "ok"
}

#[require(Owns || role("support"))]
async fn account_or_support() -> &'static str {
    "ok"
}

#[authenticated]
#[actix_web::get("/one")]
async fn attribute_one() -> &'static str {
    "ok"
}

#[authenticated]
#[actix_web::post("/one")]
async fn attribute_post_one() -> &'static str {
    "ok"
}

#[authenticated]
#[actix_web::get("")]
async fn attribute_empty() -> &'static str {
    "ok"
}

fn auth() -> Auth {
    Auth::workos("client_01TEST").build().unwrap()
}

fn one() -> Router {
    Router::new().route("/one", get(first))
}

fn files() -> actix_web::Resource {
    web::resource("/logo.svg").to(HttpResponse::Ok)
}

#[test]
fn wiring_mistakes_are_told_together() {
    let fallback = |router: Router| router.fallback(first);
    let cases: Vec<(&str, Router, &[&str])> = vec![
        ("a path without a slash", Router::new().route("x", get(first)), &["\"x\""]),
        ("an empty path", Router::new().route("", get(first)), &["\"\""]),
        ("old syntax", Router::new().route("/:id", get(first)), &["\"/:id\"", "`{id}`"]),
        ("axum's syntax", Router::new().route("/{*rest}", get(first)), &["`{rest}*`"]),
        ("a rest without a name", Router::new().route("/a/*", get(first)), &["`{rest}*`"]),
        ("an open brace", Router::new().route("/{id", get(first)), &["/{id", "`}`"]),
        ("no name", Router::new().route("/{}", get(first)), &["\"/{}\""]),
        ("a bad name", Router::new().route("/{a-b}", get(first)), &["\"a-b\""]),
        ("a name twice", Router::new().route("/{a}/{a}", get(first)), &["\"a\""]),
        ("a bad expression", Router::new().route("/{a:(}", get(first)), &["/{a:(}"]),
        ("a rest with an expression", Router::new().route("/{a:x}*", get(first)), &["/{a:x}*"]),
        ("an empty path at the root", Router::new().service(attribute_empty), &["`/`"]),
        ("the same method twice", one().route("/one", get(second)), &["GET /one", "second"]),
        (
            "the same method twice in one call",
            Router::new().route("/", any(first).get(first).get(second)),
            &["GET /", "second"],
        ),
        ("the same route by merging", one().merge(one()), &["GET /one"]),
        (
            "the same parameter by two names",
            Router::new().route("/{a}", get(first)).route("/{b}", post(second)),
            &["POST /{b}", "`actix::wiring::second`"],
        ),
        (
            "a narrow path behind a wide one",
            Router::new().route("/{a}", get(open)).route("/new", get(second)),
            &["GET /new", "second", "open"],
        ),
        (
            "a path behind a rest",
            Router::new().route("/a/{rest}*", get(open)).route("/a/b", get(second)),
            &["GET /a/b"],
        ),
        (
            "a path behind a nested router",
            Router::new().nest("/a", one()).route("/a/two", get(second)),
            &["GET /a/two"],
        ),
        ("two nested routers", Router::new().nest("/a", one()).nest("/a", one()), &["GET /a/one"]),
        (
            "two nested fallbacks",
            Router::new().nest("/a", fallback(Router::new())).nest("/a", fallback(Router::new())),
            &["/a/*"],
        ),
        (
            "a nested fallback behind a wide router",
            Router::new()
                .nest("/{x}", one())
                .nest("/a", Router::new().fallback(second))
                .fallback(open),
            &["* /a: ", "second", "open"],
        ),
        (
            "a path of eight digits behind a wide one",
            Router::new().route("/{x}/a", get(open)).route("/{id:[0-9a-f]{8}}/a", get(second)),
            &["GET /{id:[0-9a-f]{8}}/a", "second", "open"],
        ),
        (
            "a nested router behind a wide one",
            Router::new().nest("/{x}", one()).nest("/a", one()),
            &["GET /a/one"],
        ),
        ("an attribute behind a route", one().service(attribute_post_one), &["POST /one"]),
        (
            "two attributes",
            Router::new().service(attribute_one).service(attribute_one),
            &["GET /one"],
        ),
        (
            "a route behind a public service",
            Router::new().service_public("/one", "files", files).merge(one()),
            &["GET /one"],
        ),
        (
            "a public service behind a route",
            Router::new().nest("/a", one()).service_public("/a/b", "files", files),
            &["/a/b"],
        ),
        (
            "a public service without a reason",
            Router::new().service_public("/a", " ", files),
            &["reason"],
        ),
        (
            "a public service everywhere",
            Router::new().service_public("/", "files", files),
            &["\"/\""],
        ),
        ("a nest at the root", Router::new().nest("/", one()), &["\"/\"", "merge"]),
        ("a slash behind a prefix", Router::new().nest("/a/", one()), &["\"/a/\"", "slash"]),
        ("a nest at a rest", Router::new().nest("/{rest}*", one()), &["rest"]),
        ("two fallbacks", fallback(fallback(one())), &["/*"]),
        (
            "an `Auth` in two ways",
            Router::new().nest("/a", one().app_data(web::Data::new(auth()))),
            &["Auth", "bare"],
        ),
        (
            "a state in two ways",
            Router::new()
                .nest("/a", Router::new().route("/{account}", get(account)).app_data(Db))
                .app_data(web::Data::new(Db)),
            &["Db", "bare"],
        ),
        ("an `Auth` twice", one().app_data(auth()), &["two values", "Auth"]),
        (
            "a state that is not given",
            Router::new().route("/{account}", get(account)),
            &["`Owns`", "Db"],
        ),
        ("a state of a part", Router::new().route("/{account}", get(account_or_support)), &["Db"]),
        (
            "a state that a fallback lacks",
            Router::new().nest("/{account}", Router::new().fallback(account)),
            &["Db"],
        ),
        (
            "a state given elsewhere",
            Router::new().route("/{account}", get(account)).nest("/a", one().app_data(Db)),
            &["Db"],
        ),
        (
            "a parameter that the path lacks",
            Router::new().route("/{id}", get(account)).app_data(Db),
            &["GET /{id}", "`account`"],
        ),
        (
            "a parameter twice",
            Router::new()
                .nest("/{account}", Router::new().route("/{account}", get(account)))
                .app_data(Db),
            &["GET /{account}/{account}", "several"],
        ),
        (
            "several mistakes",
            Router::new()
                .route("x", get(first))
                .nest("/", one())
                .merge(one().route("/one", get(first)).route("/{id", get(first))),
            &["\"x\"", "\"/\"", "GET /one", "/{id"],
        ),
    ];
    for (case, router, texts) in cases {
        let error = router.app_data(auth()).finish().err().unwrap_or_else(|| panic!("{case}"));
        let error = error.to_string();
        for text in texts {
            assert!(error.contains(text), "{case}: {text} in {error}");
        }
    }
}

#[test]
fn an_auth_is_asked_for() {
    for router in [one(), Router::new().fallback(open), Router::new().service(attribute_one)] {
        let error = router.finish().unwrap_err().to_string();
        assert_eq!(
            error,
            "the router is wired wrongly:\n  guards ask an `Auth`; add `.app_data(auth)`"
        );
    }
}

#[test]
fn what_is_wired_well_is_no_mistake() {
    let routers = [
        Router::new().route("/new", get(first)).route("/{a}", get(second)),
        Router::new().route("/{a:\\d+}", get(first)).route("/{b:[a-z]+}", get(second)),
        Router::new().route("/{a:\\d{4}}-{b}", get(first)).route("/{rest}*", get(second)),
        Router::new().route("/7", get(first)).route("/{a:\\d}", get(second)),
        Router::new().route("/one", any(first).get(second).head(open)),
        Router::new().service(attribute_one).service(attribute_post_one),
        Router::new().service(attribute_one).route("/one", post(second)),
        Router::new().nest("/a", Router::new().service(attribute_empty).route("/b", get(first))),
        Router::new().nest("/a/b", one().fallback(first)).nest("/a", one().fallback(second)),
        Router::new().nest("/a", Router::new().route("/", get(first))).fallback(second),
        Router::new().route("/{user}/{repository}", get(first)).fallback(second),
        Router::new()
            .nest("/a", Router::new().nest("/b", one()).fallback(first))
            .merge(one())
            .fallback(second),
        Router::new().service_public("/one/files", "files", files).merge(one()),
        Router::new().nest("/a/{account}", Router::new().route("/", get(account))).app_data(Db),
        Router::new().route("/{account}", get(account)).app_data(web::Data::new(Db)),
        Router::new().nest("/a", Router::new().route("/{account}", get(account)).app_data(Db)),
        Router::new().nest("/a", one().app_data(auth())),
    ];
    for router in routers {
        let app = router.app_data(auth()).finish();
        assert!(app.is_ok(), "{}", app.unwrap_err());
    }
}
