use auth_core::Auth;
use auth_core::axum::{Router, get};

fn main() {
    let _: Router<Auth> = Router::new().route("/", get(|| async { "anybody can read this" }));
}
