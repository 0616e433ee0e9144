//! The attacked service on axum.

use std::time::Duration;

use auth_core::axum::{Router, get};
use auth_core::policy::Authenticated;
use auth_core::{Auth, Guard, MaybeIdentity, authenticated, public, require, require_admin};
use axum::body::Body;
use axum::extract::{FromRef, State};

use super::fixture::{Service, endless};
use super::handlers_run::HandlersRun;
use crate::service::serve;

#[derive(Clone, FromRef)]
struct AppState {
    auth: Auth,
    handlers_run: HandlersRun,
}

#[authenticated]
async fn me(State(handlers): State<HandlersRun>) -> &'static str {
    handlers.count()
}

#[require_admin]
async fn admin(State(handlers): State<HandlersRun>) -> &'static str {
    handlers.count()
}

#[public(reason = "says who calls")]
async fn who(MaybeIdentity(caller): MaybeIdentity) -> String {
    caller.map_or_else(String::new, |caller| caller.token_identifier().to_owned())
}

#[require(role("admin"))]
async fn role(State(handlers): State<HandlersRun>) -> &'static str {
    handlers.count()
}

#[require(!role("banned"))]
async fn not_banned(State(handlers): State<HandlersRun>) -> &'static str {
    handlers.count()
}

#[require(scope("admin"))]
async fn scope(State(handlers): State<HandlersRun>) -> &'static str {
    handlers.count()
}

#[require(fresh(300))]
async fn fresh(State(handlers): State<HandlersRun>) -> &'static str {
    handlers.count()
}

#[authenticated]
async fn stream(guard: Guard<Authenticated>) -> Body {
    Body::from_stream(guard.until_expiry(endless(), Duration::ZERO))
}

pub(super) async fn start(auth: Auth) -> Service {
    let handlers_run = HandlersRun::default();
    let app = Router::new()
        .route("/me", get(me))
        .route("/admin", get(admin))
        .route("/who", get(who))
        .route("/role", get(role))
        .route("/not-banned", get(not_banned))
        .route("/scope", get(scope))
        .route("/fresh", get(fresh))
        .route("/stream", get(stream))
        .nest("/nested", Router::new().route("/inner", get(me)).fallback(me))
        .merge(Router::new().route("/merged", get(me)))
        .fallback(admin)
        .with_state(AppState { auth, handlers_run: handlers_run.clone() })
        .finish()
        .unwrap();
    let address = serve(app).await.trim_start_matches("http://").to_owned();
    Service { framework: "axum", address, handlers_run }
}
