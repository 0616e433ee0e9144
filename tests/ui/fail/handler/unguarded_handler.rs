use auth_core::Auth;
use auth_core::axum::{Router, get};
use axum::extract::Path;

async fn naked(Path(id): Path<u32>) -> String {
    id.to_string()
}

fn main() {
    let _: Router<Auth> = Router::new().route("/{id}", get(naked));
}
