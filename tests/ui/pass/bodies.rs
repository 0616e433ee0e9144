//! `?`, early returns, errors and unsized results of the body are none of the guard's business.

#![deny(warnings)]

use std::fmt::Debug;

use auth_core::axum::{Router, get};
use auth_core::{Auth, authenticated};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

#[derive(Debug)]
struct AppError;

impl From<std::num::ParseIntError> for AppError {
    fn from(_: std::num::ParseIntError) -> Self {
        Self
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        StatusCode::UNPROCESSABLE_ENTITY.into_response()
    }
}

#[authenticated]
async fn with_an_error_of_its_own(body: String) -> Result<String, AppError> {
    let number: u32 = body.parse()?;
    if number == 7 {
        return Err(AppError);
    }
    Ok(number.to_string())
}

#[authenticated]
async fn with_an_unsized_result() -> String {
    fn debug() -> Box<dyn Debug> {
        Box::new(7)
    }
    format!("{:?}", debug())
}

#[authenticated]
fn that_gives_a_boxed_future() -> std::pin::Pin<Box<dyn Future<Output = String> + Send>> {
    return Box::pin(async { "ok".to_owned() });
}

#[authenticated]
fn synchronous() -> std::future::Ready<&'static str> {
    std::future::ready("ok")
}

#[authenticated]
async fn that_never_ends() -> &'static str {
    loop {
        tokio::task::yield_now().await;
    }
}

fn main() {
    let _: Router<Auth> = Router::new()
        .route("/1", get(with_an_error_of_its_own))
        .route("/2", get(with_an_unsized_result))
        .route("/3", get(that_gives_a_boxed_future))
        .route("/4", get(synchronous))
        .route("/5", get(that_never_ends));
}
