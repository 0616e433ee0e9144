//! The few calls that sessions make to WorkOS.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use url::Url;
use zeroize::Zeroizing;

use super::data::Described;
use super::{Secret, SessionData};

/// How long a browser waits for WorkOS at most.
const TIMEOUT: Duration = Duration::from_secs(5);

/// How many calls are under way at once. More than that is an outage or a flood, and the rest of the
/// service must not drown in it.
const MAX_CALLS: usize = 64;

/// How much of what WorkOS says is logged.
const MAX_LOGGED: usize = 200;

/// More than a session can be.
const MAX_BODY: usize = 256 * 1024;

pub(crate) struct WorkOsApi {
    http: Client,
    calls: Semaphore,
    url: Url,
    client_id: String,
    api_key: Secret,
    redirect_uri: String,
}

/// Why there is no new session.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoSession {
    /// The grant is no good any more: the session is over.
    #[error("WorkOS says invalid_grant: {0}")]
    InvalidGrant(String),
    /// The grant is refused, and asking again would not help.
    #[error("WorkOS refuses with {code}: {message}")]
    Refused { code: String, message: String },
    /// WorkOS does not answer, or not now. The session is as good as before.
    #[error("WorkOS cannot be asked: {0}")]
    Unavailable(String),
    /// What came back is no session.
    #[error("the answer of WorkOS is no session: {0}")]
    Malformed(&'static str),
}

/// A session as WorkOS has just issued it.
#[derive(Deserialize)]
pub(crate) struct Issued {
    access_token: Secret,
    refresh_token: Secret,
    user: Map<String, Value>,
    organization_id: Option<String>,
    impersonator: Option<Value>,
    authentication_method: Option<String>,
    token_type: Option<String>,
}

impl Issued {
    pub(crate) fn access_token(&self) -> &str {
        self.access_token.expose()
    }

    pub(crate) fn user_id(&self) -> Option<&str> {
        self.user.get("id")?.as_str()
    }

    pub(crate) fn organization_id(&self) -> Option<&str> {
        self.organization_id.as_deref()
    }

    /// What goes on with `before` though nobody could verify the access token now: WorkOS takes the old
    /// refresh token no more. Guards verify the token as any other.
    pub(crate) fn into_unverified(self, before: &SessionData, now: u64) -> SessionData {
        let claims = Unverified::of(&self.access_token).filter(|it| it.sub == before.user_id);
        match claims {
            Some(Unverified { sid, exp, .. }) => {
                self.into_data(sid, before.user_id.clone(), before.began_at, now, exp)
            }
            None => SessionData {
                refresh_token: self.refresh_token,
                refreshed_at: now,
                ..before.clone()
            },
        }
    }

    /// `id` and `user_id` are those that the access token has.
    pub(crate) fn into_data(
        self,
        id: String,
        user_id: String,
        began_at: u64,
        now: u64,
        expires_at: u64,
    ) -> SessionData {
        SessionData {
            id,
            user_id,
            organization_id: self.organization_id,
            access_token: self.access_token,
            refresh_token: self.refresh_token,
            began_at,
            refreshed_at: now,
            expires_at,
            described: Described {
                user: self.user,
                impersonator: self.impersonator,
                authentication_method: self.authentication_method,
            },
        }
    }
}

/// When to refresh is all that these decide: the token is verified like any other.
#[derive(Deserialize)]
pub(crate) struct Unverified {
    pub(crate) sub: String,
    pub(crate) sid: String,
    pub(crate) iat: u64,
    pub(crate) exp: u64,
    pub(crate) auth_time: Option<u64>,
}

impl Unverified {
    pub(crate) fn of(access_token: &Secret) -> Option<Self> {
        let payload = access_token.expose().split('.').nth(1)?;
        let payload = Zeroizing::new(URL_SAFE_NO_PAD.decode(payload).ok()?);
        serde_json::from_slice(&payload).ok()
    }
}

impl WorkOsApi {
    pub(crate) fn new(
        url: Url,
        client_id: String,
        api_key: Secret,
        redirect_uri: String,
    ) -> Result<Self, reqwest::Error> {
        // A redirect would hand code and verifier to whoever it names.
        let http = Client::builder()
            .redirect(Policy::none())
            .timeout(TIMEOUT)
            .pool_max_idle_per_host(MAX_CALLS)
            .build()?;
        let calls = Semaphore::new(MAX_CALLS);
        Ok(Self { http, calls, url, client_id, api_key, redirect_uri })
    }

    /// Where a browser signs in.
    pub(crate) fn authorization_url(&self, state: &str, challenge: &str, hints: &Hints) -> Url {
        let mut url = self.at("user_management/authorize");
        let mut query = url.query_pairs_mut();
        query
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("response_type", "code")
            .append_pair("provider", "authkit")
            .append_pair("state", state)
            .append_pair("code_challenge", challenge)
            .append_pair("code_challenge_method", "S256");
        query.extend_pairs(hints.pairs());
        drop(query);
        url
    }

    /// Where a browser ends the session that WorkOS has of it.
    pub(crate) fn sign_out_url(&self, session_id: &str, return_to: Option<&str>) -> Url {
        let mut url = self.at("user_management/sessions/logout");
        url.query_pairs_mut()
            .append_pair("session_id", session_id)
            .extend_pairs(return_to.map(|target| ("return_to", target)));
        url
    }

    pub(crate) async fn redeem_code(
        &self,
        code: &str,
        verifier: &str,
    ) -> Result<Issued, NoSession> {
        self.authenticate(json!({
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "client_secret": self.api_key.expose(),
            "code": code,
            "code_verifier": verifier,
        }))
        .await
    }

    pub(crate) async fn refresh(&self, session: &SessionData) -> Result<Issued, NoSession> {
        let mut grant = json!({
            "grant_type": "refresh_token",
            "client_id": self.client_id,
            "client_secret": self.api_key.expose(),
            "refresh_token": session.refresh_token.expose(),
        });
        if let (Some(id), Some(grant)) = (&session.organization_id, grant.as_object_mut()) {
            grant.insert("organization_id".to_owned(), id.as_str().into());
        }
        self.authenticate(grant).await
    }

    /// Ends a session. One that has ended already is as good.
    pub(crate) async fn revoke(&self, session_id: &str) -> Result<(), NoSession> {
        let request = self.http.post(self.at("user_management/sessions/revoke"));
        let request = request.bearer_auth(self.api_key.expose());
        let response = request.json(&json!({ "session_id": session_id })).send().await;
        let response = response.map_err(unavailable)?;
        let status = response.status();
        match status {
            // The API key is not good, so nothing has been done.
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Err(refusal(status, &body_of(response).await.map_err(unavailable)?))
            }
            _ if is_passing(status) => Err(NoSession::Unavailable(status.to_string())),
            _ => Ok(()),
        }
    }

    async fn authenticate(&self, grant: Value) -> Result<Issued, NoSession> {
        let Ok(Ok(_call)) = timeout(TIMEOUT, self.calls.acquire()).await else {
            return Err(NoSession::Unavailable("too many calls are under way".to_owned()));
        };
        let request = self.http.post(self.at("user_management/authenticate")).json(&grant);
        let response = request.send().await.map_err(unavailable)?;
        let (status, is_json) = (response.status(), is_json(&response));
        let body = body_of(response).await.map_err(unavailable)?;
        if !status.is_success() {
            return Err(refusal(status, &body));
        }
        if !is_json {
            return Err(NoSession::Malformed("it is no JSON"));
        }
        let issued: Issued = serde_json::from_slice(&body)
            .map_err(|_| NoSession::Malformed("members are missing"))?;
        match &issued.token_type {
            Some(kind) if !kind.eq_ignore_ascii_case("bearer") => {
                Err(NoSession::Malformed("its tokens are of another type than Bearer"))
            }
            _ => Ok(issued),
        }
    }

    fn at(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path.split('/'));
        }
        url
    }
}

/// What a sign-in may be told on the way.
pub(crate) struct Hints {
    screen_hint: Option<String>,
    login_hint: Option<String>,
    organization_id: Option<String>,
    /// How long ago somebody may have signed in, in seconds.
    max_age: Option<String>,
}

impl Hints {
    pub(crate) fn of(parameter: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            screen_hint: parameter("screen_hint"),
            login_hint: parameter("login_hint"),
            organization_id: parameter("organization_id"),
            max_age: parameter("max_age").filter(|age| age.parse::<u32>().is_ok()),
        }
    }

    fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("screen_hint", &self.screen_hint),
            ("login_hint", &self.login_hint),
            ("organization_id", &self.organization_id),
            ("max_age", &self.max_age),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_deref()?)))
    }
}

fn unavailable(error: reqwest::Error) -> NoSession {
    NoSession::Unavailable(error.without_url().to_string())
}

fn is_json(response: &Response) -> bool {
    let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media_type.is_some_and(|media_type| media_type.starts_with("application/json"))
}

/// The body, as much of it as a session can have.
async fn body_of(mut response: Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_BODY {
            break;
        }
    }
    Ok(body)
}

/// Whether asking again may help.
fn is_passing(status: StatusCode) -> bool {
    status.is_server_error()
        || status.is_redirection()
        || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
}

fn refusal(status: StatusCode, body: &[u8]) -> NoSession {
    if is_passing(status) {
        return NoSession::Unavailable(status.to_string());
    }
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |names: [&str; 2]| {
        let found = names.iter().find_map(|name| body.get(name)?.as_str()).unwrap_or_default();
        // It ends in a log.
        found.chars().take(MAX_LOGGED).flat_map(char::escape_debug).collect::<String>()
    };
    let (code, message) = (text(["error", "code"]), text(["error_description", "message"]));
    match code.as_str() {
        "invalid_grant" => NoSession::InvalidGrant(message),
        _ => NoSession::Refused { code, message },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_workos_says_is_one_short_line_in_the_log() {
        let long = "x".repeat(1000);
        let body = json!({ "error": "a\r\nb\u{1b}[31m", "error_description": long }).to_string();
        let NoSession::Refused { code, message } =
            refusal(StatusCode::BAD_REQUEST, body.as_bytes())
        else {
            panic!("it is a refusal")
        };
        assert_eq!(code, "a\\r\\nb\\u{1b}[31m");
        assert_eq!(message.len(), MAX_LOGGED);
    }
}
