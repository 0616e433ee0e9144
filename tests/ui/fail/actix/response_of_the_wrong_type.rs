//! A guarded handler with another mistake is told of that one.

use auth_core::actix::{Router, get};
use auth_core::authenticated;

struct NoResponse;

#[authenticated]
async fn me() -> NoResponse {
    NoResponse
}

fn main() {
    let _ = Router::new().route("/", get(me));
}
