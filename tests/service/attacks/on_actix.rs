//! The attacked service on actix-web.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data};
use auth_core::actix::{Router, get};
use auth_core::policy::Authenticated;
use auth_core::{Auth, Guard, MaybeIdentity, authenticated, public, require, require_admin};
use futures_util::{Stream, StreamExt, stream};

use super::fixture::Service;
use crate::actix::serve;

#[derive(Default)]
pub(super) struct HandlersRun(Arc<AtomicUsize>);

impl HandlersRun {
    fn count(&self) -> &'static str {
        self.0.fetch_add(1, Ordering::SeqCst);
        "in"
    }

    pub(super) fn count_so_far(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

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

/// Says that it is open, and then nothing any more.
fn endless() -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream::iter([Ok(Bytes::from_static(b"open"))]).chain(stream::pending())
}

pub(super) fn start(auth: Auth) -> Service {
    let handlers_run = HandlersRun::default();
    let count = Arc::clone(&handlers_run.0);
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
        .app_data(Data::new(handlers_run))
        .finish()
        .unwrap();
    let address = serve(app).trim_start_matches("http://").to_owned();
    Service { framework: "actix", address, handlers_run: count }
}
