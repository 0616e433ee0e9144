//! Other attributes stay as they are, above the guard and below it.

#![deny(warnings)]

use auth_core::axum::{Router, get};
use auth_core::{Auth, authenticated, require};
use axum::extract::Path;

/// Documentation stays.
#[authenticated]
#[allow(unused_variables, reason = "so does this")]
async fn with_lints(unused: String) {}

#[expect(unused_variables, reason = "and so does this")]
#[authenticated]
async fn with_expectations(unused: String) {}

#[authenticated]
#[deprecated = "and is in force"]
pub async fn deprecated() {}

#[must_use]
#[authenticated]
fn whose_result_is_used() -> std::future::Ready<()> {
    std::future::ready(())
}

#[authenticated]
#[cfg(not(any()))]
async fn of_two_that_are_configured() -> &'static str {
    "this"
}

#[cfg(any())]
#[authenticated]
async fn of_two_that_are_configured() -> &'static str {
    "not this"
}

#[cfg_attr(not(any()), require(role("editor")))]
async fn guarded_by_configuration() {}

#[authenticated]
async fn with_an_attribute_on_an_argument(
    #[allow(unused_variables, reason = "it stays as well")] unused: String,
    #[cfg(any())] gone: NoType,
) {
}

#[tracing::instrument]
#[authenticated]
async fn instrumented_above(Path(id): Path<u32>) -> String {
    id.to_string()
}

#[authenticated]
#[tracing::instrument(level = "debug", ret, err)]
async fn instrumented_below(Path(id): Path<u32>) -> Result<String, String> {
    Ok(id.to_string())
}

#[authenticated]
#[axum::debug_handler(state = Auth)]
async fn with_axums_own_below(_body: String) -> &'static str {
    "ok"
}

#[utoipa::path(get, path = "/9/{id}", params(("id" = u32, Path)), responses((status = 200)))]
#[authenticated]
async fn documented_above(Path(id): Path<u32>) -> String {
    id.to_string()
}

#[authenticated]
#[utoipa::path(get, path = "/10/{id}", params(("id" = u32, Path)), responses((status = 200)))]
async fn documented_below(Path(id): Path<u32>) -> String {
    id.to_string()
}

#[utoipa::path(get, path = "/11", responses((status = 200)))]
#[require(role("editor"))]
#[tracing::instrument(skip_all)]
#[axum::debug_handler(state = Auth)]
async fn with_all_of_them() {}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    #[allow(deprecated, reason = "it is the case")]
    let _: Router<Auth> = Router::new()
        .route("/1", get(with_lints))
        .route("/2", get(with_expectations))
        .route("/3", get(deprecated))
        .route("/4", get(whose_result_is_used))
        .route("/5", get(of_two_that_are_configured).post(guarded_by_configuration))
        .route("/6", get(with_an_attribute_on_an_argument))
        .route("/7/{id}", get(instrumented_above).post(instrumented_below))
        .route("/8", get(with_axums_own_below))
        .route("/9/{id}", get(documented_above).post(documented_below))
        .route("/11", get(with_all_of_them));
}
