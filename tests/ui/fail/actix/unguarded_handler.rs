use actix_web::web::Path;
use auth_core::actix::{Router, get};

async fn naked(_id: Path<u32>) -> &'static str {
    "anybody can read this"
}

async fn without_arguments() -> &'static str {
    "anybody can read this"
}

fn main() {
    let _ = Router::new().route("/{id}", get(naked));
    let _ = Router::new().route("/", get(without_arguments));
}
