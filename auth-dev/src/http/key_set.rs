//! `GET /sso/jwks/<client_id>`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::error::Refusal;
use crate::environment::Environment;

pub(super) async fn key_set(
    State(environment): State<Arc<Environment>>,
    Path(client_id): Path<String>,
) -> Result<Response, Refusal> {
    if client_id != environment.config.client_id {
        return Err(Refusal::not_found("Client", &client_id));
    }
    let set = environment.keys.to_json().to_string();
    Ok(([(CONTENT_TYPE, "application/jwk-set+json")], set).into_response())
}
