//! `POST /user_management/authenticate`: a code or a refresh token for an access token.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::ORIGIN;
use serde_json::{Value, json};

use super::cookies::{self, SetCookies};
use super::error::Refusal;
use super::grant::{Grant, GrantType};
use super::step_up::user_of;
use crate::environment::Environment;
use crate::session::Impersonator;
use crate::token::{self, TokenOptions};

pub(super) async fn authenticate(
    State(environment): State<Arc<Environment>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(Option<SetCookies>, Json<Value>), Refusal> {
    let grant = Grant::read(&headers, &body)?;
    let grant_type = grant.grant_type()?;
    grant.check_client(&environment)?;
    let by_cookie = cookies::refresh_token(&headers);
    let (session, refresh_token) = match grant_type {
        GrantType::AuthorizationCode => grant.redeem_code(&environment)?,
        GrantType::RefreshToken => {
            let given = grant.refresh_token.as_deref().or(by_cookie.as_deref());
            let given = given.ok_or(Refusal::oauth("invalid_request", "Missing refresh token."))?;
            grant.redeem_refresh_token(given, &environment)?
        }
    };
    let user = user_of(&session, &environment)?;
    if let GrantType::AuthorizationCode = grant_type {
        environment.directory.note_sign_in(&user.id, session.signed_in_at);
    }
    let access_token = token::issue(&environment, &session, &TokenOptions::default())?;
    let is_by_cookie = grant.refresh_token.is_none() && by_cookie.is_some();
    let body = json!({
        "user": environment.directory.show(&user),
        "organization_id": session.organization_id,
        "access_token": access_token,
        "refresh_token": (!is_by_cookie).then_some(&refresh_token),
        "authentication_method": session.authentication_method(),
        "impersonator": session.impersonator.as_ref().map(Impersonator::to_json),
    });
    let is_page = grant.is_of_public_client() && headers.contains_key(ORIGIN);
    let cookies = is_page.then(|| cookies::of_session(refresh_token, &environment));
    Ok((cookies, Json(without_nulls(body))))
}

/// The API leaves out what there is not.
fn without_nulls(mut body: Value) -> Value {
    if let Some(body) = body.as_object_mut() {
        body.retain(|_, value| !value.is_null());
    }
    body
}
