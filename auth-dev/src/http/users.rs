//! `/user_management/users/<id>`, for whoever bears the API key.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::client::check_api_key;
use super::error::Refusal;
use crate::environment::Environment;

pub(super) async fn user(
    State(environment): State<Arc<Environment>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    check_api_key(&environment.config, &headers)?;
    let user = environment.directory.by_id(&id).ok_or_else(|| Refusal::not_found("User", &id))?;
    Ok(Json(environment.directory.show(&user)))
}

pub(super) async fn delete(
    State(environment): State<Arc<Environment>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Refusal> {
    check_api_key(&environment.config, &headers)?;
    match environment.delete_user(&id) {
        true => Ok(StatusCode::ACCEPTED),
        false => Err(Refusal::not_found("User", &id)),
    }
}
