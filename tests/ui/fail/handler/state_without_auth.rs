use auth_core::authenticated;
use auth_core::axum::{Router, get};

#[derive(Clone)]
struct AppState;

#[authenticated]
async fn me() {}

fn main() {
    let _: Router<AppState> = Router::new().route("/", get(me));
}
