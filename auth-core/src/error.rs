//! Every refusal: what the client sees, and what only the log says.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};
use serde::Serialize;

/// Where [`Code`] is documented.
const DOCUMENTATION: &str = "https://docs.rs/auth-core/latest/auth_core/enum.Code.html";

/// How much of a key id is logged.
const LOGGED_KEY_ID_LEN: usize = 200;

/// Why a request was refused.
///
/// The client learns the [`Code`]; the detail is for the log of the service and never leaves it.
#[derive(Clone, Debug)]
pub struct AuthError(Box<Refusal>);

/// Behind a pointer, so that the way of those who are let in is not paved with its size.
#[derive(Clone, Debug)]
struct Refusal {
    code: Code,
    detail: Option<Cow<'static, str>>,
    retry_after: Option<Duration>,
    /// What the challenge says beyond the error, such as `scope="posts:write"`.
    parameters: Option<Cow<'static, str>>,
    resource_metadata: Option<Arc<str>>,
    about: About,
}

/// What it was about, as far as that was known.
#[derive(Clone, Debug, Default)]
struct About {
    policy: Option<String>,
    issuer: Option<String>,
    key_id: Option<String>,
}

/// The stable name of a refusal, as clients see it in the member `code` of the answer.
///
/// Each says what has happened, what the client gets, and what the operator of the service does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// The request has no credential, or one of another scheme than `Bearer`. 401 with a bare
    /// challenge: sign in. The operator does nothing.
    NoCredentials,
    /// The `Authorization` header is malformed: no token behind `Bearer`, several, or characters
    /// that no token has. 400 `invalid_request`. The operator looks at the client that sends it.
    InvalidRequest,
    /// The request has more than one credential. 400 `invalid_request`; the body says which. The
    /// operator looks for a proxy or a client that adds one.
    AmbiguousCredentials,
    /// The token is longer than 16 KiB. 401 `invalid_token`. The operator makes the JWT template
    /// smaller.
    TokenTooLarge,
    /// The token is no signed JWT in compact form, or not a strict one. 401 `invalid_token`. The
    /// operator finds in the log what is wrong with it; an issuer does not make such tokens.
    TokenMalformed,
    /// The token's `alg` is not one that its issuer is configured to use. 401 `invalid_token`. The
    /// operator adds the algorithm to the issuer, if it is the issuer's indeed.
    AlgorithmNotAllowed,
    /// The token asks for an extension (`crit`, `b64`) that is not understood. 401 `invalid_token`.
    /// The operator has the issuer do without it.
    CriticalUnsupported,
    /// The token's `typ` is that of another kind of token, or not the one of the issuer's profile.
    /// 401 `invalid_token`. The operator looks which token the client sends, and at the profile.
    TypeMismatch,
    /// No configured issuer is called exactly what `iss` says. 401 `invalid_token`. The operator
    /// finds both names in the log, and configures the right one, or an alias.
    IssuerUnknown,
    /// The issuer's key set has no usable key of the token's `kid`. 401 `invalid_token`. The operator
    /// does nothing, unless good clients get it: then the issuer signs with a key that it does not
    /// publish.
    KeyNotFound,
    /// Several keys fit: the set has one `kid` twice, or the token has none. 401 `invalid_token`. The
    /// operator has the issuer name its keys.
    KeyAmbiguous,
    /// The signature is not by the issuer's key. 401 `invalid_token`. The operator does nothing: the
    /// token is forged, or for another environment.
    SignatureInvalid,
    /// A claim is missing, of the wrong type, or of a value that no access token has. 401
    /// `invalid_token`. The operator finds in the log which, and mends the JWT template.
    ClaimInvalid,
    /// The token has expired. 401 `invalid_token`: refresh. The operator compares the clocks if good
    /// clients get it.
    TokenExpired,
    /// The token is not valid yet. 401 `invalid_token`. The operator compares the clocks.
    TokenNotYetValid,
    /// The token is not for this service. 401 `invalid_token`. The operator adds `aud` to the JWT
    /// template; the log has the line.
    AudienceMismatch,
    /// The token is bound to a key of its holder (`cnf`), and nothing here proves possession. 401
    /// `invalid_token`. The operator has the issuer give this service plain tokens.
    BindingRequired,
    /// The token has no `email`, which the policy asks for. 403 `insufficient_scope`. The operator
    /// adds it to the JWT template; the log has the line.
    EmailMissing,
    /// The address is right, but the token does not say that it is verified. 403
    /// `insufficient_scope`. The operator adds `email_verified` to the JWT template; the log has the
    /// line.
    EmailUnverified,
    /// The caller is no administrator. 403 `insufficient_scope`. The operator does nothing, or lists
    /// the domain.
    AdminRequired,
    /// The caller lacks what the policy of the route asks for. 403 `insufficient_scope`. The operator
    /// finds in the log what is missing, and grants it or does nothing.
    Forbidden,
    /// The token lacks a scope. 403 `insufficient_scope`, with the scope in the challenge. The client
    /// asks the issuer for a token with that scope.
    InsufficientScope,
    /// The policy hides from this caller that there is something. 404. The operator does nothing.
    NotFound,
    /// The caller has signed in too long ago, or too weakly. 401 `insufficient_user_authentication`
    /// (RFC 9470), with `max_age` or `acr_values`: the client has the user sign in again. The operator
    /// looks whether tokens have `auth_time`, if it never ends.
    StepUpRequired,
    /// A policy of the service has failed. 500. The author of the service finds the cause in the log.
    PolicyFailed,
    /// Something that a policy of the service needs is unavailable. 503: try again. The operator finds
    /// the cause in the log.
    PolicyUnavailable,
    /// The decision has to be kept in an audit that cannot take it. 503: try again. The operator finds
    /// the cause in the log.
    AuditUnavailable,
    /// The issuer's keys are unavailable, so the token may be good. 503 with `Retry-After`: keep the
    /// token. The operator finds the cause in the log; it recovers by itself.
    KeysUnavailable,
    /// The token's session, or all that its user had, has been revoked: by a sign-out, a webhook or the
    /// service. 401 `invalid_token`: sign in again. The operator does nothing.
    TokenRevoked,
    /// The cookie of the session does not open: it was changed, or sealed with a password that is not in
    /// use any more. 401, and the cookie is taken away. The operator does nothing, unless the password
    /// has been changed without keeping the previous one for a while.
    SessionInvalid,
    /// The session was idle, or there, for too long. 401, and the cookie is taken away: sign in. The
    /// operator does nothing.
    SessionExpired,
    /// WorkOS has ended the session, or it was revoked. 401, and the cookie is taken away: sign in. The
    /// operator does nothing.
    SessionEnded,
    /// The session needs a fresh token, and WorkOS cannot be asked. 503 with `Retry-After`: the session
    /// is kept. The operator finds the cause in the log; it recovers by itself.
    SessionUnavailable,
    /// A request that changes something was sent with the cookie of a session, and no page of this
    /// service means it. 403. The operator does nothing, unless a page of the service's own gets it: it
    /// sends the header `x-csrf`, or is on the origin of the redirect URI.
    Csrf,
    /// A browser has come back from signing in, and has not begun to: another one has, or it was more
    /// than ten minutes ago. 400: sign in again. The operator does nothing.
    StateMismatch,
    /// A browser has come back from another issuer than it was sent to. 400. The operator looks at the
    /// redirect URIs of both.
    IssuerMismatch,
    /// WorkOS does not take the code of a sign-in. 401: sign in again. The operator looks at the client id
    /// and the API key if it is so each time; the log has WorkOS's words.
    SignInRefused,
    /// What WorkOS gives for the code of a sign-in is no session of this service. 502. The operator finds
    /// in the log what is wrong with it.
    SignInFailed,
    /// A handler takes an identity that no guard has established. 500. The author of the service
    /// puts a guard above the handler that the log names, or takes a `MaybeIdentity`.
    GuardMissing,
}

/// Who has to act on a refusal.
enum Family {
    /// The request is no valid request, whoever sends it.
    InvalidRequest,
    /// Nobody is signed in.
    Anonymous,
    /// The token is not accepted.
    InvalidToken,
    /// The caller is known, and may not.
    InsufficientScope,
    /// The caller is known, and has to sign in again.
    StepUp,
    /// The caller is known, and shall not learn more.
    Hidden,
    /// The issuer does not answer.
    Unavailable,
    /// The service is wired wrongly.
    Misconfigured,
    /// The request is not meant by whoever is signed in.
    NotMeant,
    /// The issuer's answer is wrong.
    BadGateway,
}

impl Code {
    /// The code as it stands in answers and logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.row().0
    }

    /// Names the kind of problem in answers (RFC 9457): where this documentation says what has happened
    /// and who has to do what.
    ///
    /// ```
    /// use auth_core::Code;
    ///
    /// assert!(Code::TokenExpired.type_uri().ends_with("/enum.Code.html#variant.TokenExpired"));
    /// ```
    #[must_use]
    pub fn type_uri(self) -> String {
        format!("{DOCUMENTATION}#variant.{self:?}")
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self.row().1 {
            Family::InvalidRequest => StatusCode::BAD_REQUEST,
            Family::Anonymous | Family::InvalidToken | Family::StepUp => StatusCode::UNAUTHORIZED,
            Family::InsufficientScope => StatusCode::FORBIDDEN,
            Family::Hidden => StatusCode::NOT_FOUND,
            Family::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Family::Misconfigured => StatusCode::INTERNAL_SERVER_ERROR,
            Family::NotMeant => StatusCode::FORBIDDEN,
            Family::BadGateway => StatusCode::BAD_GATEWAY,
        }
    }

    /// Its name, whom it concerns, and the title of its problem document.
    fn row(self) -> (&'static str, Family, &'static str) {
        use Family::{Anonymous, InsufficientScope, InvalidRequest, InvalidToken};
        match self {
            Self::NoCredentials => ("no_credentials", Anonymous, "Nobody is signed in"),
            Self::InvalidRequest => {
                ("invalid_request", InvalidRequest, "The credential is malformed")
            }
            Self::AmbiguousCredentials => (
                "ambiguous_credentials",
                InvalidRequest,
                "The request has more than one credential",
            ),
            Self::TokenTooLarge => ("token_too_large", InvalidToken, "The token is too long"),
            Self::TokenMalformed => ("token_malformed", InvalidToken, "The token is malformed"),
            Self::AlgorithmNotAllowed => {
                ("alg_not_allowed", InvalidToken, "The algorithm of the token is not allowed")
            }
            Self::CriticalUnsupported => (
                "crit_unsupported",
                InvalidToken,
                "The token asks for an extension that is not understood",
            ),
            Self::TypeMismatch => ("typ_mismatch", InvalidToken, "The token is of another type"),
            Self::IssuerUnknown => {
                ("issuer_unknown", InvalidToken, "The issuer of the token is not known")
            }
            Self::KeyNotFound => {
                ("key_not_found", InvalidToken, "The key of the token is not known")
            }
            Self::KeyAmbiguous => ("key_ambiguous", InvalidToken, "Several keys fit the token"),
            Self::SignatureInvalid => {
                ("signature_invalid", InvalidToken, "The signature of the token is not valid")
            }
            Self::ClaimInvalid => {
                ("claim_invalid", InvalidToken, "A claim of the token is not valid")
            }
            Self::TokenExpired => ("token_expired", InvalidToken, "The token has expired"),
            Self::TokenNotYetValid => {
                ("token_not_yet_valid", InvalidToken, "The token is not valid yet")
            }
            Self::AudienceMismatch => {
                ("audience_mismatch", InvalidToken, "The token is for somebody else")
            }
            Self::BindingRequired => {
                ("binding_required", InvalidToken, "The token needs a proof of possession")
            }
            Self::EmailMissing => {
                ("email_missing", InsufficientScope, "The token has no e-mail address")
            }
            Self::EmailUnverified => {
                ("email_unverified", InsufficientScope, "The e-mail address is not verified")
            }
            Self::AdminRequired => {
                ("admin_required", InsufficientScope, "The caller is no administrator")
            }
            Self::Forbidden => ("forbidden", InsufficientScope, "The caller may not do this"),
            Self::InsufficientScope => {
                ("insufficient_scope", InsufficientScope, "The token lacks a scope")
            }
            Self::NotFound => ("not_found", Family::Hidden, "There is nothing here"),
            Self::StepUpRequired => (
                "insufficient_user_authentication",
                Family::StepUp,
                "The caller has to sign in again",
            ),
            Self::PolicyFailed => {
                ("policy_failed", Family::Misconfigured, "A policy of the service has failed")
            }
            Self::PolicyUnavailable => (
                "policy_unavailable",
                Family::Unavailable,
                "A policy of the service cannot be asked now",
            ),
            Self::AuditUnavailable => (
                "audit_unavailable",
                Family::Unavailable,
                "The audit of the service cannot be reached",
            ),
            Self::KeysUnavailable => (
                "keys_unavailable",
                Family::Unavailable,
                "The keys of the issuer cannot be had now",
            ),
            Self::TokenRevoked => ("token_revoked", InvalidToken, "The token has been revoked"),
            Self::SessionInvalid => ("session_invalid", InvalidToken, "The session is not valid"),
            Self::SessionExpired => ("session_expired", InvalidToken, "The session has expired"),
            Self::SessionEnded => ("session_ended", InvalidToken, "The session has ended"),
            Self::SessionUnavailable => {
                ("session_unavailable", Family::Unavailable, "The session cannot be refreshed now")
            }
            Self::Csrf => {
                ("csrf", Family::NotMeant, "The request was not sent by a page of this service")
            }
            Self::StateMismatch => {
                ("state_mismatch", InvalidRequest, "The sign-in was not begun by this browser")
            }
            Self::IssuerMismatch => {
                ("issuer_mismatch", InvalidRequest, "The sign-in comes from another issuer")
            }
            Self::SignInRefused => ("sign_in_refused", InvalidToken, "The sign-in was refused"),
            Self::SignInFailed => ("sign_in_failed", Family::BadGateway, "The sign-in has failed"),
            Self::GuardMissing => (
                "guard_missing",
                Family::Misconfigured,
                "The service has a handler without a guard",
            ),
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl AuthError {
    pub(crate) fn new(code: Code) -> Self {
        Self(Box::new(Refusal {
            code,
            detail: None,
            retry_after: None,
            parameters: None,
            resource_metadata: None,
            about: About::default(),
        }))
    }

    /// Adds what the operator should know. No token, no secret.
    pub(crate) fn because(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    pub(crate) fn retry_after(mut self, delay: Duration) -> Self {
        self.0.retry_after = Some(delay);
        self
    }

    /// Adds what the challenge says beyond the error.
    pub(crate) fn with_parameters(mut self, parameters: String) -> Self {
        self.0.parameters = (!parameters.is_empty()).then_some(Cow::Owned(parameters));
        self
    }

    pub(crate) fn with_code(mut self, code: Code) -> Self {
        self.0.code = code;
        self
    }

    /// What the operator should know beyond the code, as it stands in the log: which name, claim or
    /// server it was about, and how to mend it. No answer has it, and none should: it tells a stranger
    /// how this service is set up.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// Appends what else the operator should know.
    pub(crate) fn heard_with(mut self, more: Option<&str>) -> Self {
        self.0.detail = joined(self.detail(), more);
        self
    }

    /// Puts in front what else the operator should know.
    pub(crate) fn heard_after(mut self, before: Option<&str>) -> Self {
        self.0.detail = joined(before, self.detail());
        self
    }

    /// Adds where the client learns whom to ask for a token (RFC 9728, section 5.1).
    pub(crate) fn with_resource_metadata(mut self, url: Option<&Arc<str>>) -> Self {
        self.0.resource_metadata = url.cloned();
        self
    }

    /// Adds who has issued the token, and the key that its header names. Only for the log: an issuer that
    /// is configured, and any key id.
    pub(crate) fn about(mut self, issuer: &str, key_id: Option<&str>) -> Self {
        self.0.about.issuer = Some(issuer.to_owned());
        self.0.about.key_id = key_id.map(str::to_owned);
        self
    }

    pub(crate) fn of_policy(mut self, policy: Option<String>) -> Self {
        self.0.about.policy = policy;
        self
    }

    /// The policy that has refused, or whose guard has.
    pub(crate) fn policy(&self) -> Option<&str> {
        self.0.about.policy.as_deref()
    }

    pub(crate) fn issuer(&self) -> Option<&str> {
        self.0.about.issuer.as_deref()
    }

    pub(crate) fn key_id(&self) -> Option<&str> {
        self.0.about.key_id.as_deref()
    }

    /// The stable name of the refusal.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.code.status()
    }

    /// The whole answer, as every adapter gives it: a problem document (RFC 9457) with the challenge of RFC 6750, section 3.
    #[must_use]
    pub fn to_response(&self) -> Response<String> {
        let status = self.status();
        let body = Problem {
            r#type: &self.0.code.type_uri(),
            title: self.0.code.row().2,
            status: status.as_u16(),
            code: self.0.code.as_str(),
            detail: self.detail_for_client(),
        };
        let mut response = Response::new(serde_json::to_string(&body).unwrap_or_default());
        *response.status_mut() = status;

        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(challenge) = self.challenge() {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        if let Some(delay) = self.0.retry_after {
            headers
                .insert(RETRY_AFTER, HeaderValue::from(delay.as_secs_f64().ceil().max(1.0) as u64));
        }
        response
    }

    /// Only a request with several credentials is told more than the code: which they are.
    fn detail_for_client(&self) -> Option<&str> {
        self.0.detail.as_deref().filter(|_| self.0.code == Code::AmbiguousCredentials)
    }

    /// A request without a credential gets no `error` (RFC 6750, section 3.1).
    fn challenge(&self) -> Option<HeaderValue> {
        let bare = match self.0.code.row().1 {
            Family::Anonymous => r#"Bearer realm="api""#,
            Family::InvalidRequest => r#"Bearer realm="api", error="invalid_request""#,
            Family::InvalidToken => r#"Bearer realm="api", error="invalid_token""#,
            Family::InsufficientScope => r#"Bearer realm="api", error="insufficient_scope""#,
            Family::StepUp => r#"Bearer realm="api", error="insufficient_user_authentication""#,
            Family::Hidden
            | Family::Unavailable
            | Family::Misconfigured
            | Family::NotMeant
            | Family::BadGateway => return None,
        };
        if self.0.parameters.is_none() && self.0.resource_metadata.is_none() {
            return Some(HeaderValue::from_static(bare));
        }
        let mut challenge = bare.to_owned();
        if let Some(parameters) = &self.0.parameters {
            challenge = format!("{challenge}, {parameters}");
        }
        if let Some(url) = &self.0.resource_metadata {
            challenge = format!("{challenge}, resource_metadata=\"{url}\"");
        }
        Some(HeaderValue::from_str(&challenge).unwrap_or(HeaderValue::from_static(bare)))
    }

    /// Tells the operator, as every adapter does once for a refused request. The level says who has
    /// to act: nobody (debug), the caller (info), the operator (warn) or the author (error).
    /// `request` says which request it was, such as `GET /posts/{id}`.
    ///
    /// The target is `auth_core::decision`, and the fields are `code`, `policy`, `outcome`, `issuer`,
    /// `kid`, `detail` and `request`, as far as they are known.
    pub fn log(&self, request: &dyn fmt::Display) {
        let (code, detail) = (self.0.code.as_str(), self.0.detail.as_deref().unwrap_or_default());
        let (policy, issuer) = (self.policy(), self.issuer());
        // A stranger may have chosen it.
        let kid =
            self.key_id().map(|id| id.escape_debug().take(LOGGED_KEY_ID_LEN).collect::<String>());
        macro_rules! refused {
            ($level:ident) => {
                tracing::$level!(
                    target: "auth_core::decision",
                    code, policy, outcome = "refused", issuer, kid, %detail, %request, "refused"
                )
            };
        }
        match self.0.code.row().1 {
            Family::Anonymous => refused!(debug),
            Family::InvalidRequest
            | Family::InvalidToken
            | Family::InsufficientScope
            | Family::StepUp
            | Family::NotMeant
            | Family::Hidden => refused!(info),
            Family::Unavailable | Family::BadGateway => refused!(warn),
            Family::Misconfigured => refused!(error),
        }
    }
}

fn joined(first: Option<&str>, second: Option<&str>) -> Option<Cow<'static, str>> {
    match (first, second) {
        (Some(first), Some(second)) => Some(format!("{first}; {second}").into()),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned().into()),
        (None, None) => None,
    }
}

/// What the client may know. Libraries send it: an error of a GraphQL resolver, for one, is made of
/// whatever can be displayed.
impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.detail_for_client() {
            Some(detail) => write!(f, "{}: {detail}", self.0.code),
            None => self.0.code.fmt(f),
        }
    }
}

impl std::error::Error for AuthError {}

#[derive(Serialize)]
struct Problem<'a> {
    r#type: &'a str,
    title: &'static str,
    status: u16,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
}
