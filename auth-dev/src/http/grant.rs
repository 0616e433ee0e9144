//! What a code or a refresh token is redeemed with, as JSON or as a form.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::client;
use super::error::Refusal;
use crate::environment::Environment;
use crate::session::{NotRedeemed, Session};

/// All that any of the grants says. What another one says is not looked at.
#[derive(Deserialize)]
pub(super) struct Grant {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    code: Option<String>,
    code_verifier: Option<String>,
    pub(super) refresh_token: Option<String>,
    organization_id: Option<String>,
}

pub(super) enum GrantType {
    AuthorizationCode,
    RefreshToken,
}

impl Grant {
    pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, Refusal> {
        let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = media_type.map(|it| it.split(';').next().unwrap_or_default().trim());
        let is_form = media_type
            .is_some_and(|it| it.eq_ignore_ascii_case("application/x-www-form-urlencoded"));
        let mut parameters: Map<String, Value> = if is_form {
            form_of(body)?
        } else {
            serde_json::from_slice(body).map_err(Refusal::unreadable)?
        };
        // One without a value is as good as none (RFC 6749, section 3.2). The Rust client sends an
        // empty secret where it has none.
        parameters.retain(|_, value| value != "");
        serde_json::from_value(Value::Object(parameters)).map_err(Refusal::unreadable)
    }

    pub(super) fn grant_type(&self) -> Result<GrantType, Refusal> {
        match self.grant_type.as_deref() {
            Some("authorization_code") => Ok(GrantType::AuthorizationCode),
            Some("refresh_token") => Ok(GrantType::RefreshToken),
            _ => Err(Refusal::oauth(
                "unsupported_grant_type",
                "`grant_type` must be `authorization_code` or `refresh_token`.",
            )),
        }
    }

    pub(super) fn check_client(&self, environment: &Environment) -> Result<(), Refusal> {
        let (id, secret) = (self.client_id.as_deref(), self.client_secret.as_deref());
        client::check(&environment.config, id, secret)
    }

    /// A page or an app, which cannot keep a secret.
    pub(super) fn is_of_public_client(&self) -> bool {
        self.client_secret.is_none()
    }

    /// Begins the session of the code; gives it and its refresh token.
    pub(super) fn redeem_code(
        &self,
        environment: &Environment,
    ) -> Result<(Session, String), Refusal> {
        let code = self.code.as_deref().unwrap_or_default();
        let verifier = self.code_verifier.as_deref();
        let now = environment.clock.now();
        let is_public = self.is_of_public_client();
        environment.sessions.redeem_code(code, verifier, is_public, now).map_err(Refusal::from)
    }

    /// Goes on with a session, in the organization that is asked for; gives it and its next refresh
    /// token.
    pub(super) fn redeem_refresh_token(
        &self,
        refresh_token: &str,
        environment: &Environment,
    ) -> Result<(Session, String), Refusal> {
        let (window, now) = (environment.config.refresh_reuse_window, environment.clock.now());
        let sessions = &environment.sessions;
        if let Some(session) = sessions.of_refresh_token(refresh_token) {
            self.check_organization(&session, environment)?;
        }
        let (mut session, next) = sessions.redeem_refresh_token(refresh_token, window, now)?;
        if let Some(organization_id) = &self.organization_id {
            session.organization_id = Some(organization_id.clone());
            sessions.update(&session);
        }
        Ok((session, next))
    }

    /// Before the refresh token is used up: whoever is refused can go on with the session as it is.
    fn check_organization(
        &self,
        session: &Session,
        environment: &Environment,
    ) -> Result<(), Refusal> {
        let user = environment.user(&session.user_id)?;
        match &self.organization_id {
            Some(id) if user.membership(id).is_none() => {
                let message = format!("{} is no member of {id}.", user.email);
                Err(Refusal::oauth("invalid_request", message))
            }
            _ => Ok(()),
        }
    }
}

/// No parameter may be there twice (RFC 6749, section 3.2).
fn form_of(body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    let mut parameters = Map::new();
    for (name, value) in form_urlencoded::parse(body) {
        if parameters.insert(name.into_owned(), Value::String(value.into_owned())).is_some() {
            return Err(Refusal::oauth("invalid_request", "A parameter is there more than once."));
        }
    }
    Ok(parameters)
}

impl From<NotRedeemed> for Refusal {
    fn from(reason: NotRedeemed) -> Self {
        let (error, description) = match reason {
            NotRedeemed::UnknownCode => ("invalid_grant", "The code is unknown, used or expired."),
            NotRedeemed::WrongVerifier => {
                ("invalid_grant", "`code_verifier` does not match `code_challenge`.")
            }
            NotRedeemed::UnprovenClient => {
                ("invalid_client", "`client_secret` is missing, and the code has no challenge.")
            }
            NotRedeemed::UnknownRefreshToken => ("invalid_grant", "Invalid refresh token."),
            NotRedeemed::AlreadyExchanged => ("invalid_grant", "Refresh token already exchanged."),
            NotRedeemed::Ended => ("invalid_grant", "Session has already ended."),
        };
        Self::oauth(error, description)
    }
}
