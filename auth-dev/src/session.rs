//! Sessions, and the codes and refresh tokens by which they are had. Each of those is good once.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::clock::rfc3339;
use crate::lock::lock;
use crate::random::unguessable;
use crate::token::Issuer;

const CODE_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// What begins with a sign-in and ends with a sign-out.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) organization_id: Option<String>,
    pub(crate) issuer: Issuer,
    pub(crate) impersonator: Option<Impersonator>,
    pub(crate) signed_in_at: SystemTime,
}

/// Somebody who acts as the user.
#[derive(Clone, Debug)]
pub(crate) struct Impersonator {
    pub(crate) email: String,
    pub(crate) reason: String,
}

impl Session {
    pub(crate) fn begin(user_id: &str, issuer: Issuer, signed_in_at: SystemTime) -> Self {
        Self {
            id: format!("session_{}", unguessable()),
            user_id: user_id.to_owned(),
            organization_id: None,
            issuer,
            impersonator: None,
            signed_in_at,
        }
    }

    /// As the API shows it, once it has ended.
    pub(crate) fn to_json(&self, ended_at: SystemTime) -> Value {
        let (began, ended) = (rfc3339(self.signed_in_at), rfc3339(ended_at));
        json!({
            "object": "session",
            "id": self.id,
            "user_id": self.user_id,
            "organization_id": self.organization_id,
            "status": "revoked",
            "auth_method": self.authentication_method().to_ascii_lowercase(),
            "impersonator": self.impersonator.as_ref().map(Impersonator::to_json),
            "ip_address": null,
            "user_agent": null,
            "expires_at": ended,
            "ended_at": ended,
            "created_at": began,
            "updated_at": ended,
        })
    }

    /// The names are those of the API.
    pub(crate) fn authentication_method(&self) -> &'static str {
        match (&self.impersonator, self.issuer) {
            (Some(_), _) => "Impersonation",
            (None, Issuer::Sso) => "SSO",
            (None, Issuer::UserManagement) => "Password",
        }
    }
}

impl Impersonator {
    pub(crate) fn to_json(&self) -> Value {
        json!({ "email": self.email, "reason": self.reason })
    }
}

/// What a code stands for.
pub(crate) struct Code {
    pub(crate) session: Session,
    pub(crate) challenge: Option<String>,
    pub(crate) issued: SystemTime,
}

impl Code {
    fn is_alive(&self, now: SystemTime) -> bool {
        now.duration_since(self.issued).unwrap_or_default() < CODE_LIFETIME
    }

    /// Proof Key for Code Exchange (RFC 7636, section 4.6).
    fn is_redeemed_by(&self, verifier: Option<&str>) -> bool {
        let hash = |verifier: &str| URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        self.challenge == verifier.map(hash)
    }
}

/// What a refresh token stands for.
struct RefreshToken {
    session_id: String,
    /// Since when there is a next one, and which.
    exchanged: Option<(SystemTime, String)>,
}

#[derive(Default)]
pub(crate) struct Sessions(Mutex<Outstanding>);

#[derive(Default)]
struct Outstanding {
    codes: HashMap<String, Code>,
    refresh_tokens: HashMap<String, RefreshToken>,
    sessions: HashMap<String, Session>,
    /// The session and the end of each access token for a profile.
    profile_tokens: HashMap<String, (Session, SystemTime)>,
}

/// Why a code or a refresh token gives no session.
#[derive(Debug)]
pub(crate) enum NotRedeemed {
    UnknownCode,
    WrongVerifier,
    /// Neither a secret nor a challenge says that it is for this client.
    UnprovenClient,
    UnknownRefreshToken,
    AlreadyExchanged,
    Ended,
}

impl Sessions {
    pub(crate) fn issue_code(&self, code: Code) -> String {
        let name = unguessable();
        let now = code.issued;
        let codes = &mut lock(&self.0).codes;
        codes.retain(|_, code| code.is_alive(now));
        codes.insert(name.clone(), code);
        name
    }

    /// Begins the session of a code; gives it and its refresh token.
    pub(crate) fn redeem_code(
        &self,
        code: &str,
        verifier: Option<&str>,
        is_public_client: bool,
        now: SystemTime,
    ) -> Result<(Session, String), NotRedeemed> {
        let mut outstanding = lock(&self.0);
        let code = outstanding.codes.remove(code).filter(|code| code.is_alive(now));
        let code = code.ok_or(NotRedeemed::UnknownCode)?;
        if !code.is_redeemed_by(verifier) {
            return Err(NotRedeemed::WrongVerifier);
        }
        if is_public_client && code.challenge.is_none() {
            return Err(NotRedeemed::UnprovenClient);
        }
        let session = code.session;
        outstanding.sessions.insert(session.id.clone(), session.clone());
        let refresh_token = outstanding.issue_refresh_token(&session.id);
        Ok((session, refresh_token))
    }

    /// Goes on with a session; gives it and its next refresh token. One that has been used is taken
    /// again within `reuse_window`, and then leads to the same next one.
    pub(crate) fn redeem_refresh_token(
        &self,
        refresh_token: &str,
        reuse_window: Duration,
        now: SystemTime,
    ) -> Result<(Session, String), NotRedeemed> {
        let mut outstanding = lock(&self.0);
        let known = outstanding.refresh_tokens.get(refresh_token);
        let known = known.ok_or(NotRedeemed::UnknownRefreshToken)?;
        let session = outstanding.sessions.get(&known.session_id);
        let session = session.ok_or(NotRedeemed::Ended)?.clone();
        if let Some((since, next)) = &known.exchanged {
            let is_in_window = now.duration_since(*since).unwrap_or_default() < reuse_window;
            let next = next.clone();
            return if is_in_window {
                Ok((session, next))
            } else {
                Err(NotRedeemed::AlreadyExchanged)
            };
        }
        let next = outstanding.issue_refresh_token(&session.id);
        if let Some(used) = outstanding.refresh_tokens.get_mut(refresh_token) {
            used.exchanged = Some((now, next.clone()));
        }
        Ok((session, next))
    }

    /// The session that a refresh token is of, whether or not it is taken.
    pub(crate) fn of_refresh_token(&self, refresh_token: &str) -> Option<Session> {
        let outstanding = lock(&self.0);
        let known = outstanding.refresh_tokens.get(refresh_token)?;
        outstanding.sessions.get(&known.session_id).cloned()
    }

    /// Notes what a session has become, such as one in another organization.
    pub(crate) fn update(&self, session: &Session) {
        if let Some(known) = lock(&self.0).sessions.get_mut(&session.id) {
            known.clone_from(session);
        }
    }

    /// Ends a session; gives it, if there was one.
    pub(crate) fn end(&self, session_id: &str) -> Option<Session> {
        lock(&self.0).sessions.remove(session_id)
    }

    /// Ends all sessions of a user.
    pub(crate) fn end_all_of(&self, user_id: &str) -> Vec<Session> {
        let sessions = &mut lock(&self.0).sessions;
        sessions
            .extract_if(|_, session| session.user_id == user_id)
            .map(|(_, ended)| ended)
            .collect()
    }

    pub(crate) fn keep_profile_token(&self, token: &str, session: Session, ends: SystemTime) {
        lock(&self.0).profile_tokens.insert(token.to_owned(), (session, ends));
    }

    /// The session whose profile an access token is for.
    pub(crate) fn of_profile_token(&self, token: &str, now: SystemTime) -> Option<Session> {
        let tokens = &mut lock(&self.0).profile_tokens;
        tokens.retain(|_, (_, ends)| now < *ends);
        tokens.get(token).map(|(session, _)| session.clone())
    }
}

impl Outstanding {
    fn issue_refresh_token(&mut self, session_id: &str) -> String {
        let name = unguessable();
        let token = RefreshToken { session_id: session_id.to_owned(), exchanged: None };
        self.refresh_tokens.insert(name.clone(), token);
        name
    }
}
