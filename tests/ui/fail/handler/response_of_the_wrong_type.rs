//! A guarded handler with another mistake is told of that one.

use auth_core::axum::{Router, get};
use auth_core::{Auth, authenticated};

struct NoResponse;

#[authenticated]
async fn me() -> NoResponse {
    NoResponse
}

fn main() {
    let _: Router<Auth> = Router::new().route("/", get(me));
}
