//! The server's paths: those of WorkOS, and `/_dev/` for what WorkOS has no path for.

mod authenticate;
mod authorization_request;
mod authorize;
mod client;
mod cookies;
mod cors;
mod dev;
mod error;
mod fault;
mod grant;
mod key_set;
mod log;
mod page;
mod sessions;
mod sso;
mod step_up;
mod strangers;
mod tryout;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{delete, get, post};

pub(crate) use self::tryout::CALLBACK;
use crate::environment::Environment;

pub(crate) fn service(environment: Arc<Environment>) -> Router {
    let workos = Router::new()
        .route("/sso/jwks/{client_id}", get(key_set::key_set))
        .route("/sso/authorize", get(authorize::sso).post(authorize::sso_sign_in))
        .route("/sso/token", post(sso::token))
        .route("/sso/profile", get(sso::profile))
        .route(
            "/user_management/authorize",
            get(authorize::user_management).post(authorize::user_management_sign_in),
        )
        .route("/user_management/authenticate", post(authenticate::authenticate))
        .route("/user_management/sessions/logout", get(sessions::log_out))
        .route("/user_management/sessions/revoke", post(sessions::revoke))
        .route("/user_management/users/{id}", get(users::user).delete(users::delete))
        .fallback(error::no_such_path)
        .layer(from_fn_with_state(Arc::clone(&environment), fault::fail_on_request))
        .layer(cors::layer(&environment.config.cors_origins));
    // Links lead to these, from anywhere.
    let pages = Router::new()
        .route("/", get(page::about))
        .route("/_dev/style.css", get(page::style))
        .route(tryout::CALLBACK, get(tryout::callback));
    let dev = Router::new()
        .route("/_dev/token/{user}", get(dev::token))
        .route("/_dev/users", get(dev::users))
        .route("/_dev/faults", get(dev::faults).post(dev::fail).delete(dev::heal))
        .route("/_dev/requests", get(dev::requests))
        .route("/_dev/clock", get(dev::clock).post(dev::set_clock))
        .route("/_dev/keys/rotate", post(dev::rotate_key))
        .route("/_dev/keys/odd", post(dev::publish_odd_keys).delete(dev::withdraw_odd_keys))
        .route("/_dev/keys/{kid}", delete(dev::withdraw_key))
        .layer(from_fn(strangers::refuse_pages));
    workos
        .merge(pages)
        .merge(dev)
        .layer(map_response(with_common_headers))
        .layer(from_fn_with_state(Arc::clone(&environment), strangers::refuse_strangers))
        .layer(from_fn(log::log_requests))
        .with_state(environment)
}

async fn with_common_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
