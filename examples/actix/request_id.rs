//! A line for each request, with an id that its answer bears, too.

use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use tracing::{Instrument, info, info_span};
use uuid::Uuid;

/// The query is left out: that of a callback has a code in it.
pub(crate) async fn with_id<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let id = Uuid::new_v4().to_string();
    let (method, path) = (request.method().clone(), request.path().to_owned());
    let span = info_span!("request", id, %method, path);
    let begun = Instant::now();
    let mut response = next.call(request).instrument(span.clone()).await?;
    let (status, milliseconds) = (response.status().as_u16(), begun.elapsed().as_millis() as u64);
    span.in_scope(|| info!(status, milliseconds, "answered"));
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    Ok(response)
}
