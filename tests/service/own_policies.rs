//! Policies of a service's own: with state and path parameters, and when they fail.

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use auth_core::axum::{App, Router, get};
use auth_core::issuer::Issuer;
use auth_core::policy::{Decision, Policy, PolicyError, Predicate, RequestView, StepUp};
use auth_core::{Auth, Guard, Identity, authenticated, policy, require};
use axum::extract::FromRef;
use axum::handler::Handler;
use axum::middleware::map_request;
use http::{HeaderValue, Request};
use serde_json::{Value, json};

use crate::client::{Answer, send};
use crate::clock::TestClock;
use crate::issuer::{ISSUER, TestIssuer};
use crate::service::serve;

/// Knows whose account is whose, and how often it has been asked.
#[derive(Clone, Default)]
struct Accounts {
    asked: Arc<AtomicUsize>,
}

#[derive(Debug, thiserror::Error)]
#[error("the database is on fire")]
struct OnFire;

impl Accounts {
    fn owner(&self, id: &str) -> Result<Option<&'static str>, OnFire> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        match id {
            "1" => Ok(Some("ann")),
            "2" => Ok(Some("bob")),
            "a/b" => Ok(Some("ann")),
            "fire" => Err(OnFire),
            _ => Ok(None),
        }
    }
}

struct Account;

struct Owns<T>(PhantomData<T>);

impl Policy for Owns<Account> {
    type State = Accounts;
    const PATH_PARAMETERS: &'static [&'static str] = &["account"];

    async fn check(
        request: &RequestView<'_>,
        caller: &Identity,
        accounts: &Accounts,
    ) -> Result<Decision, PolicyError> {
        let id = request.path_parameter("account").unwrap_or_default();
        match id {
            "down" => return Err(PolicyError::unavailable("the database is down")),
            "panic" => panic!("on purpose"),
            "again" => {
                let how = StepUp::default().acr_values("urn:mfa").max_age(Duration::from_secs(60));
                return Ok(Decision::StepUp(how));
            }
            _ => {}
        }
        Ok(match accounts.owner(id)? {
            Some(owner) if owner == caller.subject() => Decision::Allow,
            Some(_) => Decision::NotFound,
            None => Decision::Deny,
        })
    }
}

struct Suspended;

impl Predicate for Suspended {
    fn holds(caller: &Identity) -> bool {
        caller.claim("suspended").map_or(true, |claim| claim.unwrap_or(false))
    }
}

policy! {
    /// Who may read an account.
    Reader = Owns<Account> || role("support");
}

#[require(Owns<Account>)]
async fn statement(_again: Guard<Owns<Account>>, caller: Identity) -> String {
    caller.subject().to_owned()
}

#[require(Reader && !Suspended)]
async fn read(_part: Guard<Reader>) -> &'static str {
    "in"
}

#[authenticated]
async fn overview() -> &'static str {
    "in"
}

#[derive(Clone, FromRef)]
struct AppState {
    auth: Auth,
    accounts: Accounts,
}

fn router() -> Router<AppState> {
    let accounts = Router::new()
        .route("/statement", get(statement))
        .route("/", get(read))
        .route("/layered", get(statement.layer(map_request(as_somebody_else))));
    Router::new().nest("/accounts/{account}", accounts).route("/", get(overview))
}

/// Changes what a policy may have looked at.
async fn as_somebody_else(mut request: Request<axum::body::Body>) -> Request<axum::body::Body> {
    request.headers_mut().insert("x-changed", HeaderValue::from_static("yes"));
    request
}

struct Fixture {
    url: String,
    issuer: TestIssuer,
    accounts: Accounts,
}

impl Fixture {
    async fn start() -> Self {
        let issuer = TestIssuer::start().await;
        let auth = issuer.auth(TestClock::new()).build().unwrap();
        let accounts = Accounts::default();
        let state = AppState { auth, accounts: accounts.clone() };
        let app: App = router().with_state(state).finish().unwrap();
        Self { url: serve(app).await, issuer, accounts }
    }

    /// The token of Ann, unless the claims say otherwise.
    fn token(&self, mut claims: Value) -> String {
        claims.as_object_mut().unwrap().entry("sub").or_insert("ann".into());
        self.issuer.token(claims)
    }

    async fn get(&self, path: &str, claims: Value) -> Answer {
        send("GET", format!("{}{path}", self.url), Some(&self.token(claims))).await
    }
}

/// Nobody is asked for its keys.
fn unasked_auth() -> Auth {
    let issuer = Issuer::new(ISSUER, "https://issuer.test/jwks", "api");
    Auth::builder().issuer(issuer).build().unwrap()
}

fn code(code: &str) -> Option<String> {
    Some(code.to_owned())
}

#[tokio::test]
async fn a_policy_decides_by_state_and_path() {
    let fixture = Fixture::start().await;
    let unavailable = code("policy_unavailable");
    for (path, claims, expected) in [
        ("/accounts/1/statement", json!({}), (200, None)),
        ("/accounts/a%2Fb/statement", json!({}), (200, None)),
        ("/accounts/2/statement", json!({}), (404, code("not_found"))),
        ("/accounts/3/statement", json!({}), (403, code("forbidden"))),
        ("/accounts/fire/statement", json!({}), (500, code("policy_failed"))),
        ("/accounts/down/statement", json!({}), (503, unavailable.clone())),
        ("/accounts/again/statement", json!({}), (401, code("insufficient_user_authentication"))),
        ("/accounts/2/statement", json!({ "sub": "bob" }), (200, None)),
        ("/accounts/1", json!({}), (200, None)),
        ("/accounts/2", json!({}), (404, code("not_found"))),
        ("/accounts/2", json!({ "role": "support" }), (200, None)),
        ("/accounts/down", json!({ "role": "support" }), (200, None)),
        ("/accounts/down", json!({}), (503, unavailable)),
        ("/accounts/1", json!({ "suspended": true }), (403, code("forbidden"))),
        ("/accounts/1", json!({ "suspended": "no" }), (403, code("forbidden"))),
        ("/accounts/fire", json!({ "suspended": true }), (403, code("forbidden"))),
    ] {
        let answer = fixture.get(path, claims.clone()).await;
        assert_eq!(answer.outcome(), expected, "{path} {claims}");
        assert!(!answer.body.contains("fire"), "the cause stays here: {}", answer.body);
    }
    let answer = fixture.get("/accounts/again/statement", json!({})).await;
    let challenge = answer.challenge().unwrap();
    assert!(challenge.ends_with(r#", acr_values="urn:mfa", max_age="60""#), "{challenge}");
}

#[tokio::test]
async fn a_policy_is_asked_once_for_a_request() {
    let fixture = Fixture::start().await;
    for requests in 1..=3 {
        assert_eq!(fixture.get("/accounts/1/statement", json!({})).await.status, 200);
        assert_eq!(fixture.accounts.asked.load(Ordering::SeqCst), requests);
    }
}

/// The answer counts for what the policy has looked at.
#[tokio::test]
async fn a_policy_is_asked_again_about_a_request_that_has_changed() {
    let fixture = Fixture::start().await;
    assert_eq!(fixture.get("/accounts/1/layered", json!({})).await.status, 200);
    assert_eq!(fixture.accounts.asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_policy_that_panics_lets_nobody_in() {
    let fixture = Fixture::start().await;
    let url = format!("{}/accounts/panic/statement", fixture.url);
    let token = fixture.token(json!({}));
    let answer = reqwest::Client::new().get(url).bearer_auth(token).send().await;
    assert!(answer.is_err(), "{answer:?}");
}

#[test]
fn the_table_explains_named_policies() {
    let state = AppState { auth: unasked_auth(), accounts: Accounts::default() };
    let app: App = router().with_state(state).finish().unwrap();
    let expected = "\
GET  /                             authenticated         own_policies::overview
GET  /accounts/{account}           Reader && !Suspended  own_policies::read
GET  /accounts/{account}/layered   Owns<Account>         own_policies::statement
GET  /accounts/{account}/statement Owns<Account>         own_policies::statement

Reader = Owns<Account> || role(\"support\")
";
    let words =
        |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_owned).collect() };
    assert_eq!(words(&app.access_table().to_string()), words(expected));
}

#[test]
fn a_policy_whose_path_parameter_is_missing_is_a_mistake() {
    let router = Router::new()
        .route("/statement", get(statement))
        .nest("/accounts/{id}", Router::new().route("/", get(read)))
        .nest("/of/{account}", Router::new().route("/{account}", get(statement)))
        .nest("/fine/{account}", Router::new().route("/x", get(statement)))
        .with_state(AppState { auth: unasked_auth(), accounts: Accounts::default() });
    let told = router.finish().unwrap_err().to_string();
    let lines: Vec<&str> = told.lines().skip(1).map(str::trim).collect();
    assert_eq!(
        lines,
        [
            "GET /statement: the policy `Owns<Account>` reads the path parameter `account`, which the path does not have",
            "GET /accounts/{id}: the policy `Reader && !Suspended` reads the path parameter `account`, which the path does not have",
            "GET /of/{account}/{account}: the policy `Owns<Account>` reads the path parameter `account`, of which the path has several",
        ]
    );
}
