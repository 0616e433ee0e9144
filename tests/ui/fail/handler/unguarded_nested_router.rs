use auth_core::Auth;
use auth_core::axum::{Router};

async fn naked() -> &'static str {
    "anybody can read this"
}

fn main() {
    let _: Router<Auth> = Router::new().nest("/posts", axum::Router::new().route("/", axum::routing::get(naked)));
}
