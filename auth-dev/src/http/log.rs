//! What is logged of a request: never its query or its body, where codes and tokens are.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

pub(super) async fn log_requests(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    tracing::info!("{method} {path:?} {}", response.status().as_u16());
    response
}
