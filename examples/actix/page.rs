//! The built page, for everybody.

use actix_web::http::Method;
use actix_web::http::header::{ACCEPT, CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use auth_core::public;

use crate::common::Page;

#[public(reason = "the built page")]
pub(crate) async fn page(request: HttpRequest, page: Data<Page>) -> HttpResponse {
    let accept = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok());
    match page.file(request.path(), accept) {
        Some(file) if matches!(*request.method(), Method::GET | Method::HEAD) => HttpResponse::Ok()
            .content_type(file.media_type.as_str())
            .insert_header((CACHE_CONTROL, file.cache_control))
            .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .body(file.content.clone()),
        _ => HttpResponse::NotFound().finish(),
    }
}
