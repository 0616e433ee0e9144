use actix_web::{HttpResponse, web};
use auth_core::actix::Router;

#[actix_web::get("/")]
async fn naked() -> &'static str {
    "anybody can read this"
}

fn main() {
    let _ = Router::new().service(naked);
    let _ = Router::new().service(web::resource("/").to(HttpResponse::Ok));
}
