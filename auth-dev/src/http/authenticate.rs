//! `POST /user_management/authenticate`: a code or a refresh token for an access token.
//!
//! A page keeps its refresh token in a cookie that scripts cannot read, unless its client is told to
//! be in `devMode`.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{COOKIE, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::AppendHeaders;
use cookie::{Cookie, SameSite};
use serde_json::{Value, json};

use super::error::Refusal;
use super::grant::{Grant, GrantType};
use crate::directory::{StepUp, User};
use crate::environment::Environment;
use crate::session::{Impersonator, Session, unguessable};
use crate::token::{self, TokenOptions};

const REFRESH_TOKEN: &str = "workos-refresh-token";
/// Pages look for it before they ask for a refresh.
const HAS_SESSION: &str = "workos-has-session";
/// As long as WorkOS keeps a session.
const COOKIE_LIFETIME: cookie::time::Duration = cookie::time::Duration::days(400);

type Cookies<const N: usize> = AppendHeaders<[(HeaderName, String); N]>;

pub(super) async fn authenticate(
    State(environment): State<Arc<Environment>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(Option<Cookies<2>>, Json<Value>), Refusal> {
    let grant = Grant::read(&headers, &body)?;
    let grant_type = grant.grant_type()?;
    grant.check_client(&environment)?;
    let by_cookie = refresh_token_of_cookie(&headers);
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
    let cookies = is_page.then(|| session_cookies(refresh_token, &environment));
    Ok((cookies, Json(without_nulls(body))))
}

/// Whose session it is, if that is still there and nothing has to be done before.
pub(super) fn user_of(session: &Session, environment: &Environment) -> Result<User, Refusal> {
    let Some(user) = environment.directory.by_id(&session.user_id) else {
        return Err(Refusal::oauth("invalid_grant", "The user has been deleted."));
    };
    match user.step_up {
        None => Ok(user),
        Some(step_up) => {
            environment.sessions.end(&session.id);
            Err(refusal_of(step_up, &user, environment))
        }
    }
}

/// What is to be done before there is a session.
fn refusal_of(step_up: StepUp, user: &User, environment: &Environment) -> Refusal {
    let forbidden = |code, message| {
        Refusal::api(StatusCode::FORBIDDEN, code, message)
            .with("pending_authentication_token", json!(unguessable()))
    };
    match step_up {
        StepUp::MfaChallenge => forbidden(
            "mfa_challenge",
            "The user must complete an MFA challenge to finish authenticating.",
        )
        .with("user", environment.directory.show(user))
        .with("authentication_factors", json!([])),
        StepUp::EmailVerificationRequired => forbidden(
            "email_verification_required",
            "Email ownership must be verified before authentication.",
        )
        .with("email", json!(user.email))
        .with("email_verification_id", json!(format!("email_verification_{}", unguessable()))),
        StepUp::OrganizationSelectionRequired => {
            let organizations = user.memberships.iter().map(|membership| {
                let id = &membership.organization;
                let name = environment.directory.organization(id).map(|known| &known.name);
                json!({ "id": id, "name": name })
            });
            forbidden(
                "organization_selection_required",
                "The user must choose an organization to finish their authentication.",
            )
            .with("user", environment.directory.show(user))
            .with("organizations", organizations.collect())
        }
        StepUp::SsoRequired => Refusal::oauth(
            "sso_required",
            "User must authenticate using one of the matching connections.",
        )
        .with("email", json!(user.email))
        .with("connection_ids", json!([super::sso::CONNECTION_ID])),
    }
}

/// The API leaves out what there is not.
fn without_nulls(mut body: Value) -> Value {
    if let Some(body) = body.as_object_mut() {
        body.retain(|_, value| !value.is_null());
    }
    body
}

fn refresh_token_of_cookie(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == REFRESH_TOKEN)
        .map(|cookie| cookie.value().to_owned())
}

fn session_cookies(refresh_token: String, environment: &Environment) -> Cookies<2> {
    let refresh_token = Cookie::build((REFRESH_TOKEN, refresh_token)).http_only(true);
    let has_session = Cookie::build((HAS_SESSION, environment.config.client_id.clone()));
    set([refresh_token, has_session].map(|cookie| cookie.max_age(COOKIE_LIFETIME)), environment)
}

/// Takes the cookies of a session away.
pub(super) fn end_cookies(environment: &Environment) -> Cookies<2> {
    let none = |name| Cookie::build((name, "")).max_age(cookie::time::Duration::ZERO);
    set([none(REFRESH_TOKEN).http_only(true), none(HAS_SESSION)], environment)
}

fn set<const N: usize>(
    cookies: [cookie::CookieBuilder<'_>; N],
    environment: &Environment,
) -> Cookies<N> {
    let is_secure = environment.url.starts_with("https:");
    AppendHeaders(cookies.map(|cookie| {
        let cookie = cookie.path("/").same_site(SameSite::Lax).secure(is_secure);
        (SET_COOKIE, cookie.build().to_string())
    }))
}
