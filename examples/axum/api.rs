//! The service: handlers, and who may call them.

use auth_core::axum::{Router, delete, get};
use auth_core::policy::Admin;
use auth_core::{Auth, Guard, Identity, MaybeIdentity, authenticated, public, require_admin};
use axum::Json;
use axum::extract::{FromRef, Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::posts::{Post, Posts};

/// The routes with their guards. A handler without one would not compile here.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/loggedInUser", get(logged_in_user))
        .route("/isAdmin", get(is_admin))
        .route("/me", get(me))
        .route("/posts", get(list_posts))
        .route("/posts/{id}", delete(delete_post))
        .route("/health", get(health))
}

#[derive(Clone, FromRef)]
pub(crate) struct AppState {
    pub(crate) auth: Auth,
    pub(crate) posts: Posts,
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

#[authenticated]
async fn list_posts(State(posts): State<Posts>) -> Json<Vec<Post>> {
    Json(posts.list())
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
