//! The function stays as it was written, but for its first argument.

#![deny(warnings)]

use std::fmt::Display;

use auth_core::axum::{Router, get};
use auth_core::{Auth, authenticated, require_admin};
use axum::extract::{Path, State};
use axum::response::IntoResponse;

/// Documentation stays.
#[authenticated]
#[allow(unused_variables, reason = "attributes below stay")]
#[deprecated = "and are in force"]
pub(crate) async fn with_attributes(unused: String) {}

#[authenticated]
#[axum::debug_handler(state = Auth)]
async fn with_axums_own_attribute(State(_auth): State<Auth>, _body: String) -> &'static str {
    "ok"
}

#[require_admin]
async fn with_generics<T, const N: usize>(Path(id): Path<T>) -> impl IntoResponse
where
    T: Display + Send,
{
    format!("{id} {N}")
}

#[authenticated]
async fn with_question_mark(body: String) -> Result<String, String> {
    let number: u32 = body.parse().map_err(|_| "no number")?;
    Ok(number.to_string())
}

#[authenticated]
fn not_async() -> std::future::Ready<&'static str> {
    std::future::ready("ok")
}

struct Posts;

impl Posts {
    #[authenticated]
    async fn associated() -> &'static str {
        Self::TEXT
    }

    const TEXT: &'static str = "ok";
}

mod inner {
    pub use ::auth_core as renamed;

    #[renamed::authenticated]
    pub async fn by_path() {}
}

fn main() {
    #[allow(deprecated, reason = "it is the case")]
    let _: Router<Auth> = Router::new()
        .route("/1", get(with_attributes))
        .route("/2", get(with_axums_own_attribute))
        .route("/3/{id}", get(with_generics::<u32, 3>))
        .route("/4", get(with_question_mark))
        .route("/5", get(not_async))
        .route("/6", get(Posts::associated))
        .route("/7", get(inner::by_path));
}
