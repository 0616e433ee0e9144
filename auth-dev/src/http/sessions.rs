//! The end of sessions.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::client::check_api_key;
use super::cookies;
use super::error::Refusal;
use super::page;
use crate::environment::Environment;

#[derive(Deserialize)]
pub(super) struct LogOut {
    session_id: Option<String>,
    return_to: Option<String>,
}

/// Where a browser is sent to sign out. It is sent on, whether or not the session is still there.
pub(super) async fn log_out(State(environment): State<Arc<Environment>>, uri: Uri) -> Response {
    let request = match Query::<LogOut>::try_from_uri(&uri) {
        Ok(Query(request)) => request,
        Err(error) => return page::problem("the query cannot be read", &error.body_text()),
    };
    let Some(session_id) = request.session_id else {
        let problem = "`session_id` is missing: it is the claim `sid` of an access token.";
        return page::problem("`session_id` is missing", problem);
    };
    environment.end_session(&session_id);
    let allowed = &environment.config.sign_out_uris;
    let target = match &request.return_to {
        Some(wanted) => allowed.iter().find(|uri| *uri == wanted),
        None => allowed.first(),
    };
    let cookies = cookies::of_no_session(&environment);
    match target {
        Some(target) => (StatusCode::FOUND, cookies, [(LOCATION, target.clone())]).into_response(),
        None => (cookies, nowhere_to_go(request.return_to, allowed)).into_response(),
    }
}

fn nowhere_to_go(wanted: Option<String>, allowed: &[String]) -> Response {
    let Some(wanted) = wanted else {
        let problem = "No sign-out URI is configured. The session has ended all the same.";
        return page::problem("no sign-out URI is configured", problem);
    };
    let problem = format!(
        "`return_to` is {wanted:?}, which is not among the sign-out URIs: {}. The session has ended \
         all the same. Add the URI to `sign_out_uris`.",
        allowed.join(", "),
    );
    page::problem("`return_to` is not among the sign-out URIs", &problem)
}

#[derive(Deserialize)]
pub(super) struct Revocation {
    session_id: String,
}

pub(super) async fn revoke(
    State(environment): State<Arc<Environment>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    check_api_key(&environment.config, &headers)?;
    let Revocation { session_id } = serde_json::from_slice(&body).map_err(Refusal::unreadable)?;
    if environment.end_session(&session_id) {
        Ok(Json(json!({ "object": "session", "id": session_id, "status": "revoked" })))
    } else {
        Err(Refusal::not_found("Session", &session_id))
    }
}
