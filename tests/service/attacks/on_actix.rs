//! The attacked service on actix-web.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::Data;
use auth_core::actix::{Router, get};
use auth_core::policy::Authenticated;
use auth_core::{Auth, Guard, MaybeIdentity, authenticated, public, require, require_admin};

use super::fixture::{Service, endless};
use super::handlers_run::HandlersRun;
use crate::actix::serve;

#[authenticated]
pub(super) async fn me(handlers: Data<HandlersRun>) -> &'static str {
    handlers.count()
}

#[require_admin]
async fn admin(handlers: Data<HandlersRun>) -> &'static str {
    handlers.count()
}

#[public(reason = "says who calls")]
async fn who(MaybeIdentity(caller): MaybeIdentity) -> String {
    caller.map_or_else(String::new, |caller| caller.token_identifier().to_owned())
}

#[require(role("admin"))]
async fn role(handlers: Data<HandlersRun>) -> &'static str {
    handlers.count()
}

#[require(!role("banned"))]
async fn not_banned(handlers: Data<HandlersRun>) -> &'static str {
    handlers.count()
}

#[require(scope("admin"))]
async fn scope(handlers: Data<HandlersRun>) -> &'static str {
    handlers.count()
}

#[require(fresh(300))]
async fn fresh(handlers: Data<HandlersRun>) -> &'static str {
    handlers.count()
}

#[authenticated]
async fn stream(guard: Guard<Authenticated>) -> HttpResponse {
    HttpResponse::Ok().streaming(guard.until_expiry(endless(), Duration::ZERO))
}

pub(super) fn start(auth: Auth) -> Service {
    let handlers_run = HandlersRun::default();
    let app = Router::new()
        .route("/me", get(me))
        .route("/admin", get(admin))
        .route("/who", get(who))
        .route("/role", get(role))
        .route("/not-banned", get(not_banned))
        .route("/scope", get(scope))
        .route("/fresh", get(fresh))
        .route("/stream", get(stream))
        .nest("/nested", Router::new().route("/inner", get(me)).fallback(me))
        .merge(Router::new().route("/merged", get(me)))
        .fallback(admin)
        .app_data(auth)
        .app_data(Data::new(handlers_run.clone()))
        .finish()
        .unwrap();
    let address = serve(app).trim_start_matches("http://").to_owned();
    Service { framework: "actix", address, handlers_run }
}
