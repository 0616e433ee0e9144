//! Every refusal: what the client sees, and what only the log says.

mod code;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};
use serde::Serialize;

pub use code::Code;
use code::Family;

/// How much of a key id is logged.
const LOGGED_KEY_ID_LEN: usize = 200;

/// Why a request was refused.
///
/// The client learns the [`Code`]; the detail is for the log of the service and never leaves it.
///
/// ```
/// # async fn f(auth: auth_core::Auth, headers: http::HeaderMap) {
/// if let Err(refusal) = auth.authenticate(&headers).await {
///     // For whoever operates the service.
///     refusal.log(&"POST /jobs");
///     eprintln!("{}: {}", refusal.code(), refusal.detail().unwrap_or("nothing more is known"));
///
///     // For the client: status, challenge, problem document.
///     let answer: http::Response<String> = refusal.to_response();
///     assert_eq!(answer.status(), refusal.status());
/// }
/// # }
/// ```
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

    /// The whole answer, as every adapter gives it: a problem document (RFC 9457) with the challenge of
    /// RFC 6750, section 3.
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

    /// Tells the operator, as every adapter does once for a refused request. The level says how far it
    /// goes: business as usual (debug), this request or the configuration is at fault (info), something
    /// that the service depends on is (warn), its author has to act (error).
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
