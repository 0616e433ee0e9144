//! Errors as WorkOS words them.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::error::Error;
use crate::secret::hidden;

/// The code of what is not WorkOS's to refuse.
const OF_AUTH_DEV: &str = "auth_dev";

/// An answer that is not what was asked for.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    body: Value,
}

impl Refusal {
    /// In the manner of OAuth 2.0 (RFC 6749, section 5.2), as the endpoints for tokens answer.
    pub(super) fn oauth(error: &str, description: impl Into<String>) -> Self {
        let body = json!({ "error": error, "error_description": description.into() });
        Self { status: StatusCode::BAD_REQUEST, body }
    }

    /// A body that cannot be read. What serde says of it may quote a secret.
    pub(super) fn unreadable(error: serde_json::Error) -> Self {
        let place = match error.line() {
            0 => String::new(),
            line => format!(" (line {line}, column {})", error.column()),
        };
        let description = format!("The body is no JSON object of texts{place}.");
        Self::oauth("invalid_request", description)
    }

    /// As the rest of the API answers.
    pub(super) fn api(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self { status, body: json!({ "code": code, "message": message.into() }) }
    }

    pub(super) fn unauthorized() -> Self {
        Self::api(StatusCode::UNAUTHORIZED, "unauthorized", "Unauthorized")
    }

    pub(super) fn not_found(what: &str, id: &str) -> Self {
        let message = format!("{what} not found: '{id}'.");
        Self::api(StatusCode::NOT_FOUND, "entity_not_found", message).with("entity_id", json!(id))
    }

    /// Of what WorkOS has no words for.
    pub(super) fn not_meant(message: impl Into<String>) -> Self {
        Self::api(StatusCode::UNPROCESSABLE_ENTITY, OF_AUTH_DEV, message)
    }

    /// Adds a member to the body.
    pub(super) fn with(mut self, name: &str, value: Value) -> Self {
        if let Some(body) = self.body.as_object_mut() {
            body.insert(name.to_owned(), value);
        }
        self
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let status = match error {
            Error::NoUser(_) => StatusCode::NOT_FOUND,
            Error::NoMember { .. } | Error::SeveralUsers(_) | Error::Template(_) => {
                return Self::not_meant(error.to_string());
            }
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::api(status, OF_AUTH_DEV, error.to_string())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let said = ["error_description", "message"].iter().find_map(|name| self.body.get(name));
        let said = said.and_then(Value::as_str).unwrap_or_default();
        tracing::warn!("refused: {:?}", hidden(said));
        (self.status, Json(self.body)).into_response()
    }
}

pub(super) async fn no_such_path() -> Refusal {
    let message = "auth-dev has what a sign-in, a session and a guard need, and not this path";
    Refusal::api(StatusCode::NOT_FOUND, "not_found", message)
}
