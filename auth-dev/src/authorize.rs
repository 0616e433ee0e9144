//! `GET /user_management/authorize`: where a browser is sent to sign in.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use url::Url;
use url::form_urlencoded;

use crate::authenticate::Code;
use crate::people::Person;
use crate::server::WorkOs;

#[derive(Deserialize)]
pub(crate) struct Authorization {
    client_id: Option<String>,
    redirect_uri: Option<String>,
    response_type: Option<String>,
    state: Option<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
    login_hint: Option<String>,
}

/// With a `login_hint` that is somebody's address, that person is signed in; without, the browser
/// is asked who it is.
pub(crate) async fn authorize(
    State(workos): State<Arc<WorkOs>>,
    Query(query): Query<Vec<(String, String)>>,
    Query(request): Query<Authorization>,
) -> Response {
    let mut redirect_uri = match check(&request, &workos) {
        Ok(redirect_uri) => redirect_uri,
        Err(description) => {
            let body = json!({ "error": "invalid_request", "error_description": description });
            return (StatusCode::BAD_REQUEST, Json(body)).into_response();
        }
    };
    let Some(person) = request.login_hint.as_deref().and_then(Person::by_email) else {
        return Html(page(&query)).into_response();
    };

    let code = workos.grants.issue_code(Code::new(person, request.code_challenge));
    redirect_uri.query_pairs_mut().append_pair("code", &code);
    if let Some(state) = &request.state {
        redirect_uri.query_pairs_mut().append_pair("state", state);
    }
    (StatusCode::FOUND, [(LOCATION, redirect_uri.to_string())]).into_response()
}

fn check(request: &Authorization, workos: &WorkOs) -> Result<Url, String> {
    if request.client_id.as_ref() != Some(&workos.client_id) {
        return Err(format!("`client_id` must be {}", workos.client_id));
    }
    if request.response_type.as_deref() != Some("code") {
        return Err("`response_type` must be `code`".to_owned());
    }
    if request.code_challenge.is_some() && request.code_challenge_method.as_deref() != Some("S256")
    {
        return Err("`code_challenge_method` must be `S256`".to_owned());
    }
    // A SHA-256 in base64url has 43 characters (RFC 7636, section 4.2).
    if request.code_challenge.as_ref().is_some_and(|challenge| challenge.len() != 43) {
        return Err("`code_challenge` must be 43 characters long".to_owned());
    }
    let uri = request.redirect_uri.as_deref().unwrap_or_default();
    // Codes go nowhere but to this machine: whoever can be sent here can be sent on.
    Url::parse(uri)
        .ok()
        .filter(|uri| matches!(uri.scheme(), "http" | "https"))
        .filter(|uri| matches!(uri.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")))
        .ok_or_else(|| "`redirect_uri` must be a URL on this machine".to_owned())
}

/// One link for each person: the same request with a `login_hint`.
fn page(query: &[(String, String)]) -> String {
    let links = Person::ALL.map(|person| {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(query.iter().filter(|(name, _)| name != "login_hint"))
            .append_pair("login_hint", person.email())
            .finish();
        // Percent-encoding leaves nothing that HTML would read, but for the ampersands.
        let query = query.replace('&', "&amp;");
        format!("<li><a href=\"?{query}\">{}</a></li>", person.email())
    });
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Sign in (auth-dev)</title>\
         <h1>Who are you?</h1><p>This is auth-dev on your own machine. It asks for no password.</p>\
         <ul>{}</ul>",
        links.concat()
    )
}
