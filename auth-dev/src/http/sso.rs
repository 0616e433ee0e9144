//! Single sign-on by itself: `POST /sso/token` and `GET /sso/profile`.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::client::bearer;
use super::error::Refusal;
use super::grant::{Grant, GrantType};
use super::step_up::user_of;
use crate::directory::User;
use crate::environment::Environment;
use crate::session::Session;
use crate::token::{self, TokenOptions};

/// The identity provider that all profiles come from.
pub(super) const CONNECTION_ID: &str = "conn_01DEV";

pub(super) async fn token(
    State(environment): State<Arc<Environment>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let grant = Grant::read(&headers, &body)?;
    let GrantType::AuthorizationCode = grant.grant_type()? else {
        let message = "`grant_type` must be `authorization_code`.";
        return Err(Refusal::oauth("unsupported_grant_type", message));
    };
    grant.check_client(&environment)?;
    let (session, _) = grant.redeem_code(&environment)?;
    let user = user_of(&session, &environment)?;
    let access_token = token::issue(&environment, &session, &TokenOptions::default())?;
    let lifetime = environment.config.token_lifetime;
    let now = environment.clock.now();
    let ends = now.checked_add(lifetime).unwrap_or(now);
    let profile = profile_of(&user, &session);
    environment.sessions.keep_profile_token(&access_token, session, ends);
    Ok(Json(json!({
        "token_type": "Bearer",
        "access_token": access_token,
        "expires_in": lifetime.as_secs(),
        "profile": profile,
    })))
}

pub(super) async fn profile(
    State(environment): State<Arc<Environment>>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    let now = environment.clock.now();
    let token = bearer(&headers).ok_or_else(Refusal::unauthorized)?;
    let session = environment.sessions.of_profile_token(token, now);
    let session = session.ok_or_else(Refusal::unauthorized)?;
    let user = environment.user(&session.user_id)?;
    Ok(Json(profile_of(&user, &session)))
}

fn profile_of(user: &User, session: &Session) -> Value {
    let membership = session.organization_id.as_deref().and_then(|id| user.membership(id));
    let roles = membership.map(|membership| {
        membership.roles.iter().map(|role| json!({ "slug": role })).collect::<Vec<_>>()
    });
    json!({
        "object": "profile",
        "id": user.id.replacen("user_", "prof_", 1),
        "organization_id": session.organization_id,
        "connection_id": CONNECTION_ID,
        "connection_type": "GenericOIDC",
        "idp_id": user.id,
        "email": user.email,
        "name": user.name(),
        "first_name": user.first_name,
        "last_name": user.last_name,
        "role": roles.as_ref().and_then(|roles| roles.first()),
        "roles": roles,
        "groups": [],
        "custom_attributes": {},
        "raw_attributes": { "email_verified": user.email_verified },
    })
}
