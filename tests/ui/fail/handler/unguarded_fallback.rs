use auth_core::Auth;
use auth_core::axum::Router;

async fn naked() {}

fn main() {
    let _: Router<Auth> = Router::new().fallback(naked);
}
