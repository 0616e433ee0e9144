//! axum's handlers take sixteen arguments; the guard is one of them.

use auth_core::axum::{Router, get};
use auth_core::{Auth, authenticated};
use axum::http::Method;

#[authenticated]
async fn fifteen_of_its_own(
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: String,
) {
}

fn main() {
    let _: Router<Auth> = Router::new().route("/", get(fifteen_of_its_own));
}
