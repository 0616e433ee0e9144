//! A guarded handler with another mistake is told of that one.

use auth_core::actix::{Router, get};
use auth_core::authenticated;

struct NoExtractor;

#[authenticated]
async fn me(_argument: NoExtractor) -> &'static str {
    "ok"
}

fn main() {
    let _ = Router::new().route("/", get(me));
}
