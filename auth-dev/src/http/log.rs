//! What is logged of a request: never its query or its body, where codes and tokens are, and no token
//! that stands in its path by mistake.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

use crate::secret::hidden;

pub(super) async fn log_requests(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = hidden(request.uri().path());
    let response = next.run(request).await;
    tracing::info!("{method} {path:?} {}", response.status().as_u16());
    response
}
