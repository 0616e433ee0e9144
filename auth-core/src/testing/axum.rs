//! The matrix on axum.

use std::convert::Infallible;
use std::future::poll_fn;

use ::axum::body::{Body, Bytes, to_bytes};
use http::{Request, Response};
use tower_service::Service;

use super::matrix::{MAX_BODY_LEN, Matrix, is_refusal};

impl<const N: usize> Matrix<N> {
    /// Sends every request as every caller to a service: [`App`](crate::axum::App), or whatever
    /// axum's `Router` has become.
    ///
    /// # Panics
    /// If an answer is another than expected, or a route of the table of [`covers`](Self::covers) in
    /// no row; the message lists all of both.
    pub async fn assert<S>(&self, service: &S)
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone,
    {
        self.assert_with(|request| send(service.clone(), request.map(Body::from))).await;
    }
}

async fn send<S>(mut service: S, request: Request<Body>) -> Response<Bytes>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    let Ok(()) = poll_fn(|context| service.poll_ready(context)).await;
    let Ok(response) = service.call(request).await;
    let (parts, body) = response.into_parts();
    let body = match is_refusal(parts.status) {
        true => to_bytes(body, MAX_BODY_LEN).await.unwrap_or_default(),
        false => Bytes::new(),
    };
    Response::from_parts(parts, body)
}
