use auth_core::Auth;
use auth_core::axum::{Router, get};

async fn naked() -> &'static str {
    "anybody can read this"
}

#[auth_core::authenticated]
async fn guarded() {}

fn main() {
    let _: Router<Auth> = Router::new().route("/", get(guarded).post(naked));
}
