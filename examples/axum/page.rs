//! The built page, for everybody.

use std::sync::Arc;

use auth_core::public;
use axum::Extension;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use crate::common::Page;

#[public(reason = "the built page")]
pub(crate) async fn page(
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    Extension(page): Extension<Arc<Page>>,
) -> Response {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    match page.file(uri.path(), accept) {
        Some(file) if matches!(method, Method::GET | Method::HEAD) => {
            let headers = [
                (CONTENT_TYPE, file.media_type.as_str()),
                (CACHE_CONTROL, file.cache_control),
                (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            (headers, file.content.clone()).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
