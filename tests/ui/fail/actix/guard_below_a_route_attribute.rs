use auth_core::actix::Router;
use auth_core::authenticated;

#[actix_web::get("/")]
#[authenticated]
async fn me() -> &'static str {
    "ok"
}

fn main() {
    let _ = Router::new().service(me);
}
