use auth_core::actix::Router;

async fn naked() -> &'static str {
    "anybody can read this"
}

fn main() {
    let _ = Router::new().fallback(naked);
}
