//! Requests are counted, and go wrong where that was asked for.

use std::future::pending;
use std::io;
use std::sync::Arc;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};

use crate::environment::Environment;

pub(super) async fn fail_on_request(
    State(environment): State<Arc<Environment>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    environment.requests.count(path);
    let Some(fault) = environment.faults.take(path) else {
        return next.run(request).await;
    };
    tokio::time::sleep(fault.delay).await;
    if fault.hang {
        pending::<()>().await;
    }
    let response = match (fault.status, fault.body) {
        (None, _) => next.run(request).await,
        (Some(status), None) => status.into_response(),
        (Some(status), Some(body)) => (status, Json(body)).into_response(),
    };
    if fault.truncate { truncated(response).await } else { response }
}

/// Half of the body, and then the connection is closed.
async fn truncated(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    // The bodies are all made here, and small.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    head.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    let half = body.slice(..body.len() / 2);
    let broken_off = async {
        // What there is so far is sent before the connection goes.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::ConnectionAborted))
    };
    let body = stream::once(async { Ok(half) }).chain(stream::once(broken_off));
    Response::from_parts(head, Body::from_stream(body))
}
