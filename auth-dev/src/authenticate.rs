//! `POST /user_management/authenticate`: a code or a refresh token for an access token.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Value, json};
use url::form_urlencoded;
use uuid::Uuid;

use crate::people::Person;
use crate::server::WorkOs;
use crate::token::TokenOptions;

const CODE_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// Codes and refresh tokens that are out. Each is good once.
#[derive(Default)]
pub(crate) struct Grants(Mutex<Outstanding>);

#[derive(Default)]
struct Outstanding {
    codes: HashMap<String, Code>,
    sessions: HashMap<String, Session>,
}

/// What a code stands for.
pub(crate) struct Code {
    person: Person,
    challenge: Option<String>,
    issued: Instant,
}

/// What a refresh token stands for.
struct Session {
    id: String,
    person: Person,
}

impl Code {
    pub(crate) fn new(person: Person, challenge: Option<String>) -> Self {
        Self { person, challenge, issued: Instant::now() }
    }

    /// Proof Key for Code Exchange (RFC 7636, section 4.6).
    fn is_redeemed_by(&self, verifier: Option<&str>) -> bool {
        let hash = |verifier: &str| URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        self.issued.elapsed() < CODE_LIFETIME && self.challenge == verifier.map(hash)
    }
}

impl Grants {
    pub(crate) fn issue_code(&self, code: Code) -> String {
        let name = Uuid::new_v4().simple().to_string();
        let mut outstanding = self.lock();
        outstanding.codes.retain(|_, code| code.issued.elapsed() < CODE_LIFETIME);
        outstanding.codes.insert(name.clone(), code);
        name
    }

    /// The session that a grant begins or goes on with.
    fn redeem(&self, grant: &Grant) -> Result<Session, Refusal> {
        match grant {
            Grant::AuthorizationCode { code, code_verifier, .. } => {
                let code = self.lock().codes.remove(code);
                code.filter(|code| code.is_redeemed_by(code_verifier.as_deref()))
                    .map(|code| Session { id: new_session_id(), person: code.person })
                    .ok_or(Refusal::invalid_grant(
                        "The code is unknown, used, expired or not for this `code_verifier`.",
                    ))
            }
            Grant::RefreshToken { refresh_token, .. } => self
                .lock()
                .sessions
                .remove(refresh_token)
                .ok_or(Refusal::invalid_grant("Refresh token already exchanged.")),
        }
    }

    fn issue_refresh_token(&self, session: Session) -> String {
        let name = Uuid::new_v4().simple().to_string();
        self.lock().sessions.insert(name.clone(), session);
        name
    }

    fn lock(&self) -> MutexGuard<'_, Outstanding> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Deserialize)]
#[serde(tag = "grant_type", rename_all = "snake_case")]
enum Grant {
    AuthorizationCode { client_id: String, code: String, code_verifier: Option<String> },
    RefreshToken { client_id: String, refresh_token: String },
}

pub(crate) async fn authenticate(
    State(workos): State<Arc<WorkOs>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let grant = read(&headers, &body)?;
    let (Grant::AuthorizationCode { client_id, .. } | Grant::RefreshToken { client_id, .. }) =
        &grant;
    if *client_id != workos.client_id {
        return Err(Refusal::new("invalid_client", format!("The client is {}.", workos.client_id)));
    }
    let session = workos.grants.redeem(&grant)?;
    let person = session.person;
    let access_token = workos
        .access_token(&session.id, person, &TokenOptions::default())
        .map_err(|error| Refusal::new("server_error", error.to_string()))?;
    Ok(Json(json!({
        "user": person.to_user(),
        "access_token": access_token,
        "refresh_token": workos.grants.issue_refresh_token(session),
        "authentication_method": "Password",
    })))
}

/// The body, as JSON or as a form.
fn read(headers: &HeaderMap, body: &[u8]) -> Result<Grant, Refusal> {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_form = media_type
        .is_some_and(|media_type| media_type.starts_with("application/x-www-form-urlencoded"));
    let grant = if is_form {
        serde_json::from_value(form_urlencoded::parse(body).into_owned().collect())
    } else {
        serde_json::from_slice(body)
    };
    grant.map_err(|error| Refusal::new("invalid_request", error.to_string()))
}

pub(crate) fn new_session_id() -> String {
    format!("session_{}", Uuid::new_v4().simple())
}

/// An error as WorkOS words it.
pub(crate) struct Refusal {
    error: &'static str,
    description: String,
}

impl Refusal {
    fn new(error: &'static str, description: String) -> Self {
        Self { error, description }
    }

    fn invalid_grant(description: &str) -> Self {
        Self::new("invalid_grant", description.to_owned())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.error, "error_description": self.description });
        (StatusCode::BAD_REQUEST, Json(body)).into_response()
    }
}
