//! What is logged of a request: never its query or its body, where codes and tokens are, and no token
//! that stands in its path by mistake.

use axum::extract::Request;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN};
use axum::middleware::Next;
use axum::response::Response;

use crate::secret::hidden;

pub(super) async fn log_requests(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = hidden(request.uri().path());
    let origin = request.headers().get(ORIGIN).cloned();
    let response = next.run(request).await;
    if let Some(origin) = origin
        && !response.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN)
        && !path.starts_with("/_dev/")
    {
        tracing::warn!("pages at {origin:?} may not ask: start with `--cors-origin`, and theirs");
    }
    tracing::info!("{method} {path:?} {}", response.status().as_u16());
    response
}
