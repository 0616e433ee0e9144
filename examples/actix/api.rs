//! The service: handlers, and who may call them.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path};
use auth_core::actix::{Router, delete, get};
use auth_core::policy::Admin;
use auth_core::{Auth, Guard, Identity, MaybeIdentity, authenticated, public, require_admin};
use serde_json::{Value, json};

use crate::posts::{Post, Posts};

/// The routes with their guards. A handler without one would not compile here.
pub(crate) fn routes(auth: Auth, posts: Posts) -> Router {
    Router::new()
        .route("/loggedInUser", get(logged_in_user))
        .route("/isAdmin", get(is_admin))
        .route("/me", get(me))
        .route("/posts", get(list_posts))
        .route("/posts/{id}", delete(delete_post))
        .route("/health", get(health))
        .app_data(auth)
        .app_data(Data::new(posts))
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
async fn list_posts(posts: Data<Posts>) -> Json<Vec<Post>> {
    Json(posts.list())
}

#[require_admin]
async fn delete_post(admin: Guard<Admin>, id: Path<u64>, posts: Data<Posts>) -> HttpResponse {
    posts.delete(*id, &admin);
    HttpResponse::NoContent().finish()
}

#[public(reason = "load balancer probe")]
async fn health() -> &'static str {
    "ok"
}
