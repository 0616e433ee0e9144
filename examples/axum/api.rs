//! The service: handlers, and who may call them.

use auth_core::axum::{App, Router, WiringError, delete, get};
use auth_core::policy::Admin;
use auth_core::session::Sessions;
use auth_core::{Auth, Guard, Identity, MaybeIdentity, authenticated, public, require_admin};
use axum::Json;
use axum::extract::{FromRef, Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

/// The routes with their guards. A handler without one would not compile here.
pub(crate) fn app(auth: Auth, sessions: Option<&Sessions>) -> Result<App, WiringError> {
    let routes = Router::new()
        .route("/loggedInUser", get(logged_in_user))
        .route("/isAdmin", get(is_admin))
        .route("/me", get(me))
        .route("/posts/{id}", delete(delete_post))
        .route("/health", get(health));
    let routes = match sessions {
        Some(sessions) => routes.sessions(sessions),
        None => routes,
    };
    routes.with_state(AppState { auth, posts: Posts }).finish()
}

#[derive(Clone, FromRef)]
struct AppState {
    auth: Auth,
    posts: Posts,
}

/// Who is signed in, or `null`.
#[public(reason = "answers null to strangers")]
async fn logged_in_user(MaybeIdentity(caller): MaybeIdentity) -> Json<Value> {
    Json(caller.map_or(Value::Null, |caller| {
        json!({
            "email": caller.email(),
            "name": caller.name(),
            "pictureUrl": caller.picture_url(),
        })
    }))
}

#[public(reason = "answers false to strangers")]
async fn is_admin(caller: MaybeIdentity) -> Json<bool> {
    Json(caller.admin().is_some())
}

#[authenticated]
async fn me(caller: Identity) -> Json<Value> {
    Json(json!({ "tokenIdentifier": caller.token_identifier() }))
}

#[require_admin]
async fn delete_post(
    admin: Guard<Admin>,
    Path(id): Path<u64>,
    State(posts): State<Posts>,
) -> StatusCode {
    posts.delete(id, &admin);
    StatusCode::NO_CONTENT
}

#[public(reason = "load balancer probe")]
async fn health() -> &'static str {
    "ok"
}

#[derive(Clone)]
struct Posts;

impl Posts {
    /// Asks for the proof, so that no code path reaches it around the guard.
    fn delete(&self, id: u64, admin: &Guard<Admin>) {
        println!("{} deletes post {id}", admin.identity().subject());
    }
}
