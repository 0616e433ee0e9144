//! What the routes of sessions do, whichever framework serves them.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::admit::{Admitted, Credential};
use super::cookie::CookieName;
use super::head::Head;
use super::refresh::Rejected;
use super::return_path::{is_path_of_service, return_path};
use super::seal::Purpose;
use super::transaction::{self, Transaction};
use super::workos::{Hints, NoSession};
use super::{EndError, Inner, Sessions, StoreError, WebhookEventKind, Webhooks, csrf};
use crate::error::{AuthError, Code};

/// When WorkOS is told of a sign-out, and told again if it could not be.
const END_AT_WORKOS_AFTER: [Duration; 4] = [
    Duration::from_secs(10),
    Duration::from_secs(30),
    Duration::from_secs(300),
    Duration::from_secs(3600),
];

/// As many sign-ins as a browser can have begun at the same time, one in each tab.
const MAX_TRANSACTIONS: usize = 4;

/// An answer of a route.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) location: Option<String>,
    pub(crate) set_cookies: Vec<String>,
    pub(crate) body: AnswerBody,
}

pub(crate) enum AnswerBody {
    Empty,
    Json(Value),
    Html(&'static str),
    Refusal(AuthError),
}

impl Answer {
    fn redirect(location: impl Into<String>, set_cookies: Vec<String>) -> Self {
        let location = Some(location.into());
        Self { status: StatusCode::SEE_OTHER, location, set_cookies, body: AnswerBody::Empty }
    }

    fn json(status: StatusCode, body: Value, set_cookies: Vec<String>) -> Self {
        Self { status, location: None, set_cookies, body: AnswerBody::Json(body) }
    }

    fn refusal(error: AuthError, set_cookies: Vec<String>) -> Self {
        error.log(&"a route of sessions");
        Self {
            status: error.status(),
            location: None,
            set_cookies,
            body: AnswerBody::Refusal(error),
        }
    }

    /// For the person before a browser that has come back from WorkOS. Nothing of the request is in it.
    fn failed(error: &AuthError, set_cookies: Vec<String>) -> Self {
        error.log(&"the callback of a sign-in");
        let status = error.status();
        let page = if status.is_server_error() { UNAVAILABLE } else { FAILED };
        Self { status, location: None, set_cookies, body: AnswerBody::Html(page) }
    }
}

/// Without style, and as light or dark as the browser is.
macro_rules! page {
    ($why:literal) => {
        concat!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">",
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
            "<meta name=\"color-scheme\" content=\"light dark\"><title>Sign-in failed</title>",
            "<h1>You are not signed in</h1><p>",
            $why,
            "</p><p><a href=\"/\">Go back and try again</a></p></html>"
        )
    };
}

const FAILED: &str = page!("The sign-in was broken off, or took too long.");
const UNAVAILABLE: &str =
    page!("Signing in is not possible just now. Please try again in a moment.");

/// The parameters of a query, each with all its values.
struct Query(Vec<(String, String)>);

impl Query {
    fn parse(query: &str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    /// A parameter that is there once; an error if it is there more often.
    fn one(&self, name: &str) -> Result<Option<&str>, AuthError> {
        let mut values = self.0.iter().filter(|(known, _)| known == name);
        let value = values.next().map(|(_, value)| value.as_str());
        match values.next() {
            None => Ok(value),
            Some(_) => Err(AuthError::new(Code::StateMismatch)
                .because(format!("the callback has the parameter `{name}` more than once"))),
        }
    }
}

impl Inner {
    /// `GET`: sends a browser to WorkOS.
    pub(crate) fn sign_in(&self, head: &impl Head, query: &str) -> Answer {
        let parameters = Query::parse(query);
        let path = return_path(parameters.one("return_to").ok().flatten().unwrap_or("/"));
        let hints = Hints::of(|name| parameters.one(name).ok().flatten().map(str::to_owned));
        let begun = self.begin(path, &hints, self.abandoned(head));
        begun.unwrap_or_else(|error| Answer::refusal(error, Vec::new()))
    }

    fn begin(
        &self,
        path: &str,
        hints: &Hints,
        mut set_cookies: Vec<String>,
    ) -> Result<Answer, AuthError> {
        let failed =
            |_| AuthError::new(Code::PolicyFailed).because("no sign-in can begin: no randomness");
        let now = self.auth.seconds();
        let transaction = Transaction::begin(path.to_owned(), now).map_err(failed)?;
        let known_by = Transaction::known_by(transaction.state()).unwrap_or_default();
        let name = self.transaction_cookie(known_by);
        let plain = serde_json::to_vec(&transaction)
            .map(zeroize::Zeroizing::new)
            .map_err(|error| AuthError::new(Code::PolicyFailed).because(error.to_string()))?;
        let sealed =
            self.sealer.seal(Purpose::Transaction, name.as_str(), &plain).map_err(|_| {
                AuthError::new(Code::PolicyFailed).because("the transaction cannot be sealed")
            })?;
        let cookies = name.set(&sealed, transaction::LIFETIME);
        set_cookies.extend(
            cookies
                .map_err(|error| AuthError::new(Code::PolicyFailed).because(error.to_string()))?,
        );
        let target =
            self.api.authorization_url(transaction.state(), &transaction.challenge(), hints);
        Ok(Answer::redirect(target, set_cookies))
    }

    /// A browser that begins again and again drops what it has begun first.
    fn abandoned(&self, head: &impl Head) -> Vec<String> {
        let prefix = self.transaction_cookie("");
        let values = head.values("cookie").filter_map(|value| std::str::from_utf8(value).ok());
        let names = values.flat_map(|value| value.split(';')).filter_map(|pair| {
            let (name, _) = pair.trim_start().split_once('=')?;
            name.strip_prefix(prefix.as_str())
        });
        let mut names: Vec<&str> = names.collect();
        names.sort_unstable();
        let begun: Vec<CookieName> =
            names.into_iter().map(|state| self.transaction_cookie(state)).collect();
        let too_many = (begun.len() + 1).saturating_sub(MAX_TRANSACTIONS);
        begun.iter().take(too_many).flat_map(CookieName::clear).collect()
    }

    /// One for each transaction, so that two tabs do not disturb each other.
    fn transaction_cookie(&self, known_by: &str) -> CookieName {
        CookieName::ours_and_short(&format!("sign-in-{known_by}"), self.is_https)
    }

    /// `GET`: a browser comes back from WorkOS with a code.
    pub(crate) async fn call_back(self: &Arc<Self>, head: &impl Head, query: &str) -> Answer {
        let parameters = Query::parse(query);
        let state = parameters.one("state").ok().flatten().unwrap_or_default();
        // Whatever comes of it, the transaction is over.
        let known_by = Transaction::known_by(state);
        let mut set_cookies =
            known_by.map_or_else(Vec::new, |it| self.transaction_cookie(it).clear());
        match self.session_of_callback(head, &parameters).await {
            Ok((target, cookies)) => {
                set_cookies.extend(cookies);
                Answer::redirect(target, set_cookies)
            }
            Err(error) => Answer::failed(&error, set_cookies),
        }
    }

    async fn session_of_callback(
        self: &Arc<Self>,
        head: &impl Head,
        parameters: &Query,
    ) -> Result<(String, Vec<String>), AuthError> {
        let mismatch = |why: &'static str| AuthError::new(Code::StateMismatch).because(why);
        let [state, code, error, issuer] =
            ["state", "code", "error", "iss"].map(|name| parameters.one(name));
        let (state, code, error, issuer) = (state?, code?, error?, issuer?);
        let state = state.ok_or_else(|| mismatch("the callback has no `state`"))?;
        let transaction = self
            .transaction_of(head, state)
            .ok_or_else(|| mismatch("no sign-in of this browser has begun with this `state`"))?;
        if issuer.is_some_and(|name| !self.auth.issuer_names().any(|known| known == name)) {
            return Err(AuthError::new(Code::IssuerMismatch)
                .because("the callback comes from another issuer (`iss`)"));
        }
        let code = match (code, error) {
            (Some(code), None) => code,
            (None, Some(_)) => return Err(mismatch("WorkOS has broken the sign-in off (`error`)")),
            _ => return Err(mismatch("the callback has both `code` and `error`, or neither")),
        };
        let issued = self.api.redeem_code(code, transaction.verifier()).await;
        let issued = issued.map_err(|error| {
            let code = match &error {
                NoSession::InvalidGrant(_) | NoSession::Refused { .. } => Code::SignInRefused,
                NoSession::Unavailable(_) => Code::SessionUnavailable,
                NoSession::Malformed(_) => Code::SignInFailed,
            };
            AuthError::new(code).because(error.to_string())
        })?;
        let session = self.accept(issued).await.map_err(|rejected| match rejected {
            Rejected::Ended(why) | Rejected::Unusable(why) => {
                AuthError::new(Code::SignInFailed).because(why)
            }
            Rejected::Unverified(error) => {
                let is_passing = error.code() == Code::KeysUnavailable;
                let code = if is_passing { Code::SessionUnavailable } else { Code::SignInFailed };
                AuthError::new(code)
                    .because(format!("its access token is refused, {}", error.code()))
                    .heard_with(error.detail())
            }
        })?;
        self.replace_session(head, &session.id).await?;
        let session = self.keep(session).await?;
        let set_cookies = self.session_cookies(&session)?;
        Ok((transaction.return_path, set_cookies))
    }

    /// Whoever has known the session that this browser had before knows nothing any more.
    async fn replace_session(&self, head: &impl Head, new_id: &str) -> Result<(), AuthError> {
        let Ok(Some(found)) = self.found(head) else { return Ok(()) };
        let Some(before) = self.session_of(found).await? else { return Ok(()) };
        self.forget(&before).await?;
        if before.data.id != new_id {
            self.revoke_everywhere(&before.data.id).await;
        }
        Ok(())
    }

    async fn revoke_everywhere(&self, session_id: &str) {
        if let Err(error) = self.auth.revoke_session(session_id).await {
            tracing::error!(%error, "a session is revoked here, and not yet everywhere");
        }
    }

    fn transaction_of(&self, head: &impl Head, state: &str) -> Option<Transaction> {
        let name = self.transaction_cookie(Transaction::known_by(state)?);
        let sealed = name.find(head.values("cookie")).ok().flatten()?;
        let opened = self.sealer.open(Purpose::Transaction, name.as_str(), &sealed)?;
        let transaction: Transaction = serde_json::from_slice(&opened.plain).ok()?;
        transaction.is_answered_by(state, self.auth.seconds()).then_some(transaction)
    }

    /// `POST`: ends the session here and at WorkOS. It works whatever else the request bears.
    pub(crate) async fn sign_out(self: &Arc<Self>, head: &impl Head) -> Answer {
        if !csrf::is_meant(head, &self.origin) {
            let error = AuthError::new(Code::Csrf)
                .because("a sign-out is asked for by a page that is not this service's own");
            return Answer::refusal(error, Vec::new());
        }
        let set_cookies = self.cookie.clear();
        match self.end_session(head).await {
            Ok(Some(id)) => {
                let target = self.api.sign_out_url(&id, self.after_sign_out.as_deref());
                Answer::redirect(target, set_cookies)
            }
            Ok(None) => Answer::redirect("/", set_cookies),
            // The browser keeps what is still good, to try again.
            Err(error) => Answer::refusal(error.into(), Vec::new()),
        }
    }

    /// The id of the session that has been ended, if there was one.
    ///
    /// # Errors
    /// If the store that has the session cannot be used.
    async fn end_session(self: &Arc<Self>, head: &impl Head) -> Result<Option<String>, StoreError> {
        let Ok(Some(found)) = self.found(head) else { return Ok(None) };
        let Some(session) = self.session_of(found).await? else { return Ok(None) };
        // Whoever sends the same cookie again causes no work again.
        if !self.auth.shared().has_revoked(&session.data) {
            self.forget(&session).await?;
            self.revoke_everywhere(&session.data.id).await;
            self.end_at_workos_later(session.data.id.clone());
        }
        Ok(Some(session.data.id))
    }

    /// The browser does so on its way, if it goes there. Before that nobody else should: WorkOS shows
    /// people an empty page for a session that it does not know any more.
    fn end_at_workos_later(self: &Arc<Self>, session_id: String) {
        let inner = Arc::clone(self);
        tokio::spawn(async move {
            for wait in END_AT_WORKOS_AFTER {
                tokio::time::sleep(wait).await;
                match inner.api.revoke(&session_id).await {
                    Ok(()) => return,
                    Err(error) => tracing::warn!(%error, "a session is not ended at WorkOS yet"),
                }
            }
        });
    }

    /// Ends a session here, at other instances and at WorkOS, at once.
    pub(crate) async fn end(&self, session_id: &str) -> Result<(), EndError> {
        self.auth.revoke_session(session_id).await?;
        self.api.revoke(session_id).await.map_err(|error| EndError::WorkOs(error.to_string()))
    }

    /// `POST`: WorkOS tells of a session or a user that has ended there.
    pub(crate) async fn webhook(&self, head: &impl Head, body: &[u8]) -> Answer {
        let Some(webhooks) = &self.webhooks else { return Answer::empty(StatusCode::NOT_FOUND) };
        let event = match webhooks.receive_signed(head.values(Webhooks::HEADER), body) {
            Ok(Some(event)) => event,
            // It has had its effect.
            Ok(None) => return Answer::empty(StatusCode::OK),
            Err(error) => {
                tracing::warn!(%error, "webhook refused");
                return Answer::empty(StatusCode::BAD_REQUEST);
            }
        };
        let revoked = match event.kind() {
            WebhookEventKind::SessionRevoked { session_id, .. } => {
                self.auth.revoke_session(session_id).await
            }
            WebhookEventKind::UserDeleted { user_id } => self.auth.revoke_user(user_id).await,
            _ => Ok(()),
        };
        match revoked {
            Ok(()) => Answer::empty(StatusCode::OK),
            Err(error) => {
                // WorkOS sends it again.
                webhooks.release(&event);
                tracing::error!(%error, "other instances do not hear of a webhook");
                Answer::empty(StatusCode::SERVICE_UNAVAILABLE)
            }
        }
    }

    /// Whether webhooks are taken.
    pub(crate) fn has_webhooks(&self) -> bool {
        self.webhooks.is_some()
    }

    /// `GET`: who is signed in, for a page to show.
    pub(crate) async fn session(self: &Arc<Self>, head: &impl Head) -> Answer {
        let Admitted { credential, set_cookies } = self.admit(head).await;
        let token = match credential {
            Credential::AccessToken(token) => token,
            Credential::None => return Answer::signed_out(set_cookies),
            Credential::Refused(error) if error.status() == StatusCode::UNAUTHORIZED => {
                return Answer::signed_out(set_cookies);
            }
            Credential::Refused(error) => return Answer::refusal(error, set_cookies),
        };
        match self.auth.authenticate_token(token.expose()).await {
            Ok(identity) => {
                let body = json!({
                    "state": "signed_in",
                    "user": {
                        "id": identity.subject(),
                        "email": identity.email(),
                        "name": identity.name(),
                        "pictureUrl": identity.picture_url(),
                    },
                    "organizationId": identity.organization_id(),
                    "roles": identity.roles().collect::<Vec<_>>(),
                    "permissions": identity.permissions().collect::<Vec<_>>(),
                    "isAdmin": identity.is_admin(),
                    "impersonator": identity.impersonator(),
                });
                Answer::json(StatusCode::OK, body, set_cookies)
            }
            Err(error) if error.status() == StatusCode::UNAUTHORIZED => {
                Answer::signed_out(set_cookies)
            }
            Err(error) => Answer::refusal(error, set_cookies),
        }
    }

    /// The cookie of a session that has begun with this token, for the benchmarks.
    #[cfg(feature = "__steps")]
    pub(crate) async fn cookie_for_benchmark(&self, access_token: &str) -> Option<String> {
        let issued = serde_json::from_value(json!({
            "access_token": access_token,
            "refresh_token": "x".repeat(25),
            "user": { "id": self.auth.authenticate_token(access_token).await.ok()?.subject() },
        }));
        let session = self.keep(self.accept(issued.ok()?).await.ok()?).await.ok()?;
        let set_cookies = self.session_cookies(&session).ok()?;
        Some(set_cookies.first()?.split(';').next()?.to_owned())
    }

    /// Where a browser that asks for a page is sent in place of a 401.
    pub(crate) fn sign_in_instead(&self, head: &impl Head, path_and_query: &str) -> Option<String> {
        let is_page = self.pages_sign_in
            && matches!(head.method(), "GET" | "HEAD")
            && head.text("accept").is_some_and(|accept| accept.contains("text/html"))
            && matches!(head.text("sec-fetch-mode"), None | Some("navigate"));
        if !is_page || !is_path_of_service(path_and_query) {
            return None;
        }
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("return_to", path_and_query)
            .finish();
        Some(format!("{}?{query}", self.paths.sign_in))
    }
}

impl Sessions {
    /// Where to sign in for this challenge; `None` if somebody is signed in, has to be so more freshly or
    /// strongly (RFC 9470), and WorkOS cannot be told how.
    pub(crate) fn step_up(sign_in: String, challenge: &str) -> Option<String> {
        if !challenge.contains(r#"error="insufficient_user_authentication""#) {
            return Some(sign_in);
        }
        let (_, rest) = challenge.split_once(r#"max_age=""#)?;
        let (max_age, _) = rest.split_once('"')?;
        Some(format!("{sign_in}&max_age={max_age}"))
    }
}

impl Answer {
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self { status, location: None, set_cookies: Vec::new(), body: AnswerBody::Empty }
    }

    fn signed_out(set_cookies: Vec<String>) -> Self {
        Self::json(StatusCode::OK, json!({ "state": "signed_out" }), set_cookies)
    }
}
