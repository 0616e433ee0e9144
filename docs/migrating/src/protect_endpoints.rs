use std::collections::HashSet;

use actix_web::dev::ServiceRequest;
use actix_web::{App, Error, HttpMessage, HttpResponse, HttpServer, get, web};
use actix_web_grants::{GrantsMiddleware, protect};

#[derive(Clone)]
struct User {
    id: i32,
}

/// Decodes the token, and says who sends it and what they may do.
fn decoded(_token: &ServiceRequest) -> Result<(User, HashSet<String>), Error> {
    Ok((User { id: 7 }, HashSet::from(["OP_READ_SECRET".to_owned()])))
}

async fn extract(request: &ServiceRequest) -> Result<HashSet<String>, Error> {
    let (user, authorities) = decoded(request)?;
    request.extensions_mut().insert(user);
    Ok(authorities)
}

#[get("/secret")]
#[protect("ROLE_ADMIN", "OP_READ_SECRET")]
async fn secret() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[get("/info/{user_id}")]
#[protect(any("ROLE_ADMIN", expr = "*user_id == user.id"))]
async fn info(user_id: web::Path<i32>, user: web::ReqData<User>) -> HttpResponse {
    HttpResponse::Ok().body(user_id.to_string())
}

async fn serve() -> std::io::Result<()> {
    let app = || {
        let guards = GrantsMiddleware::with_extractor(extract);
        App::new().wrap(guards).service(secret).service(info)
    };
    HttpServer::new(app).bind("127.0.0.1:3000")?.run().await
}
