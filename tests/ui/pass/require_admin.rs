use auth_core::axum::{Router, delete};
use auth_core::policy::Admin;
use auth_core::{Auth, Guard, require_admin};
use axum::extract::Path;
use axum::http::StatusCode;

#[require_admin]
async fn delete_post(admin: Guard<Admin>, Path(_id): Path<u64>) -> StatusCode {
    let _who = admin.identity();
    StatusCode::NO_CONTENT
}

fn main() {
    let _: Router<Auth> = Router::new().route("/posts/{id}", delete(delete_post));
}
