//! actix's handlers take sixteen arguments; the guard is one of them.

use actix_web::http::Method;
use auth_core::actix::{Router, get};
use auth_core::authenticated;

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
) -> &'static str {
    "ok"
}

fn main() {
    let _ = Router::new().route("/", get(fifteen_of_its_own));
}
