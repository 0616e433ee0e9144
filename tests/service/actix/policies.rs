//! Policies of a service's own: their state, what they see of a request, and how often they are asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::web;
use auth_core::actix::{Router, get};
use auth_core::policy::{Decision, Policy, PolicyError, RequestView};
use auth_core::{Guard, Identity, require};
use auth_dev::{AuthDev, Config, Person, TokenOptions};

use super::serve;
use crate::client::{Answer, send};
use crate::service::auth;

/// Knows whom an account belongs to, and counts who asks.
#[derive(Clone)]
struct Db {
    owned: &'static str,
    asked: Arc<AtomicUsize>,
}

impl Db {
    fn new(owned: &'static str) -> Self {
        Self { owned, asked: Arc::default() }
    }
}

struct Owns;

impl Policy for Owns {
    type State = Db;
    const PATH_PARAMETERS: &'static [&'static str] = &["account"];

    async fn check(
        request: &RequestView<'_>,
        _caller: &Identity,
        db: &Db,
    ) -> Result<Decision, PolicyError> {
        db.asked.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        match request.path_parameter("account") {
            Some("broken") => Err(PolicyError::new("the database is on fire")),
            Some(account) if account == db.owned => Ok(Decision::Allow),
            _ => Ok(Decision::NotFound),
        }
    }
}

/// A state that cannot be cloned is had in `web::Data`.
struct Settings {
    method: &'static str,
}

struct ByMethodAndHeader;

impl Policy for ByMethodAndHeader {
    type State = web::Data<Settings>;

    async fn check(
        request: &RequestView<'_>,
        _caller: &Identity,
        settings: &web::Data<Settings>,
    ) -> Result<Decision, PolicyError> {
        let method = request.method().is_some_and(|method| method == settings.method);
        let allowed = method && request.header("x-tenant") == Some("north");
        Ok(if allowed { Decision::Allow } else { Decision::Deny })
    }
}

#[require(Owns)]
async fn account(account: web::Path<String>) -> String {
    account.into_inner()
}

#[require(Owns)]
async fn twice(_: Guard<Owns>, _: Guard<Owns>) -> &'static str {
    "ok"
}

#[require(Owns || ByMethodAndHeader)]
async fn either() -> &'static str {
    "ok"
}

#[require(ByMethodAndHeader)]
async fn tenant() -> &'static str {
    "ok"
}

#[require(org_param("org"))]
#[actix_web::get("/orgs/{org}")]
async fn organization(org: web::Path<String>) -> String {
    org.into_inner()
}

struct Fixture {
    url: String,
    token: String,
    db: Db,
    _workos: AuthDev,
}

impl Fixture {
    async fn start() -> Self {
        let workos = AuthDev::start(Config::default()).await.unwrap();
        let db = Db::new("7/ä b");
        let elsewhere =
            Router::new().route("/{account}", get(account)).app_data(Db::new("elsewhere"));
        let app = Router::new()
            .route("/accounts/{account}", get(account))
            .route("/digits/{account:\\d+}", get(account))
            .route("/twice/{account}", get(twice))
            .route("/either/{account}", get(either))
            .route("/tenant", get(tenant))
            .service(organization)
            .nest("/elsewhere", elsewhere)
            .app_data(auth(&workos).build().unwrap())
            .app_data(db.clone())
            .app_data(web::Data::new(Settings { method: "GET" }));
        let url = serve(app.finish().unwrap());
        let options = TokenOptions::default();
        let token = workos.token(Person::Member, &options).unwrap();
        Self { url, token, db, _workos: workos }
    }

    async fn get(&self, path: &str) -> Answer {
        send("GET", format!("{}{path}", self.url), Some(&self.token)).await
    }
}

#[tokio::test]
async fn a_policy_sees_path_parameters_as_the_handler_does() {
    let fixture = Fixture::start().await;
    for (path, expected) in [
        ("/accounts/7%2Fä%20b", 200),
        ("/accounts/7%2F%C3%A4%20b", 200),
        ("/accounts/7%252F%C3%A4%20b", 404),
        ("/accounts/7", 404),
        ("/accounts/broken", 500),
        ("/digits/7", 404),
        ("/elsewhere/elsewhere", 200),
        ("/elsewhere/7%2F%C3%A4%20b", 404),
        ("/either/7%2F%C3%A4%20b", 200),
        ("/either/7", 404),
        ("/tenant", 403),
        ("/orgs/org_none", 403),
    ] {
        let answer = fixture.get(path).await;
        assert_eq!(answer.status, expected, "{path}");
        if path.starts_with("/accounts") && expected == 200 {
            assert_eq!(answer.body, "7/ä b", "{path}");
        }
    }
    assert_eq!(send("GET", format!("{}/accounts/7", fixture.url), None).await.status, 401);
}

#[tokio::test]
async fn a_policy_sees_method_and_headers() {
    let fixture = Fixture::start().await;
    for (method, tenant, expected) in
        [("GET", "north", 200), ("GET", "south", 403), ("HEAD", "north", 403)]
    {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = reqwest::Client::new()
            .request(method.clone(), format!("{}/tenant", fixture.url))
            .header("x-tenant", tenant)
            .bearer_auth(&fixture.token);
        let status = request.send().await.unwrap().status();
        assert_eq!(status.as_u16(), expected, "{method} {tenant}");
    }
}

#[tokio::test]
async fn a_policy_is_asked_once_in_a_request() {
    let fixture = Fixture::start().await;
    for requests in 1..=3 {
        assert_eq!(fixture.get("/twice/7%2F%C3%A4%20b").await.status, 200);
        assert_eq!(fixture.db.asked.load(Ordering::SeqCst), requests);
    }
}
