//! The mistake is told where it is, and the route says no more than it has to.

use auth_core::axum::{Router, get};
use auth_core::{Auth, require};

struct Editor;

#[require(Editor)]
async fn handler() {}

fn main() {
    let _: Router<Auth> = Router::new().route("/", get(handler));
}
