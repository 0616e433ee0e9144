use auth_core::axum::{Router, get};
use auth_core::policy::Authenticated;
use auth_core::{Auth, Guard};
use axum::http::Method;

async fn late(_method: Method, _guard: Guard<Authenticated>) {}

fn main() {
    let _: Router<Auth> = Router::new().route("/", get(late));
}
