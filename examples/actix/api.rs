//! The service: handlers, and who may call them.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path};
use auth_core::actix::{App, Router, WiringError, delete, get};
use auth_core::policy::Admin;
use auth_core::session::Sessions;
use auth_core::{Auth, Guard, Identity, MaybeIdentity, authenticated, public, require_admin};
use serde_json::{Value, json};

/// The routes with their guards. A handler without one would not compile here.
pub(crate) fn app(auth: Auth, sessions: Option<&Sessions>) -> Result<App, WiringError> {
    let routes = Router::new()
        .route("/loggedInUser", get(logged_in_user))
        .route("/isAdmin", get(is_admin))
        .route("/me", get(me))
        .route("/posts/{id}", delete(delete_post))
        .route("/health", get(health))
        .app_data(auth)
        .app_data(Data::new(Posts));
    let routes = match sessions {
        Some(sessions) => routes.sessions(sessions),
        None => routes,
    };
    routes.finish()
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
async fn delete_post(admin: Guard<Admin>, id: Path<u64>, posts: Data<Posts>) -> HttpResponse {
    posts.delete(*id, &admin);
    HttpResponse::NoContent().finish()
}

#[public(reason = "load balancer probe")]
async fn health() -> &'static str {
    "ok"
}

struct Posts;

impl Posts {
    /// Asks for the proof, so that no code path reaches it around the guard.
    fn delete(&self, id: u64, admin: &Guard<Admin>) {
        println!("{} deletes post {id}", admin.identity().subject());
    }
}
