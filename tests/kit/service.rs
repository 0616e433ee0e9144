//! The service under test.

use auth_core::axum::{App, Router, get};
use auth_core::policy::{Decision, Policy, PolicyError, RequestView};
use auth_core::{Auth, Identity, authenticated, policy, public, require, require_admin};
use axum::extract::{FromRef, Path};
use axum::http::StatusCode;

pub(crate) fn app(auth: Auth) -> App {
    let accounts = Router::new().route("/{account_id}", get(account)).fallback(me);
    Router::new()
        .route("/health", get(health))
        .route("/me", get(me))
        .route("/posts/new", get(draft))
        .route("/posts/{id}", get(health).delete(delete_post))
        .nest("/accounts", accounts)
        .with_state(AppState { auth, db: Db })
        .finish()
        .unwrap()
}

#[derive(Clone, FromRef)]
struct AppState {
    auth: Auth,
    db: Db,
}

/// Account 7 is Alice's.
#[derive(Clone)]
pub(crate) struct Db;

pub(crate) struct OwnsAccount;

impl Policy for OwnsAccount {
    type State = Db;
    const PATH_PARAMETERS: &'static [&'static str] = &["account_id"];

    async fn check(
        request: &RequestView<'_>,
        caller: &Identity,
        _db: &Db,
    ) -> Result<Decision, PolicyError> {
        tokio::task::yield_now().await;
        let owns = request.path_parameter("account_id") == Some("7") && caller.subject() == "alice";
        Ok(if owns { Decision::Allow } else { Decision::NotFound })
    }
}

policy! {
    pub(crate) Editor = role("editor");
    pub(crate) MayRead = OwnsAccount || role("support");
}

#[public(reason = "load balancer probe")]
pub(crate) async fn health() -> &'static str {
    "ok"
}

#[authenticated]
pub(crate) async fn me(caller: Identity) -> String {
    caller.subject().to_owned()
}

#[require(Editor)]
async fn draft() {}

#[require_admin]
pub(crate) async fn delete_post(Path(_id): Path<u64>) -> StatusCode {
    StatusCode::NO_CONTENT
}

#[require(MayRead)]
async fn account() {}
