//! Authorization requests (RFC 6749, section 4.1.1), and who is told what is wrong with one.

use axum::extract::Query;
use axum::http::header::LOCATION;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use url::Url;

use super::page;
use crate::config::Config;

/// A request that can be answered.
pub(super) struct AuthorizationRequest {
    parameters: Parameters,
    redirect_uri: Url,
}

#[derive(Deserialize)]
struct Parameters {
    client_id: Option<String>,
    redirect_uri: Option<String>,
    response_type: Option<String>,
    state: Option<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
    provider: Option<String>,
    #[serde(alias = "connection")]
    connection_id: Option<String>,
    #[serde(alias = "organization")]
    organization_id: Option<String>,
    login_hint: Option<String>,
}

/// Why a request cannot be answered.
pub(super) enum Problem {
    /// Where the browser may be sent is not known: whoever sits before it is told.
    ToBrowser { category: &'static str, problem: String },
    /// The client is told (RFC 6749, section 4.1.2.1).
    ToClient(Box<Url>),
}

impl AuthorizationRequest {
    pub(super) fn read(uri: &Uri, config: &Config) -> Result<Self, Problem> {
        let parameters = Query::<Parameters>::try_from_uri(uri);
        let Query(parameters) = parameters.map_err(|error| Problem::ToBrowser {
            category: "the query cannot be read",
            problem: error.body_text(),
        })?;
        let redirect_uri = redirect_uri(&parameters, config)?;
        let mistake = mistake(&parameters);
        let request = Self { parameters, redirect_uri };
        match mistake {
            None => Ok(request),
            Some(description) => {
                let error = [("error", "invalid_request"), ("error_description", description)];
                Err(Problem::ToClient(Box::new(request.answered(&error))))
            }
        }
    }

    pub(super) fn login_hint(&self) -> &str {
        self.parameters.login_hint.as_deref().unwrap_or_default()
    }

    pub(super) fn organization_id(&self) -> Option<&str> {
        self.parameters.organization_id.as_deref()
    }

    pub(super) fn code_challenge(&self) -> Option<&str> {
        self.parameters.code_challenge.as_deref()
    }

    pub(super) fn names_connection(&self) -> bool {
        self.parameters.connection_id.is_some()
    }

    pub(super) fn answer_with_code(self, code: &str) -> Response {
        redirect(&self.answered(&[("code", code)]))
    }

    /// Where an answer goes, together with the `state` of the request, as it was.
    fn answered(self, answer: &[(&str, &str)]) -> Url {
        let Self { parameters, mut redirect_uri } = self;
        let state = parameters.state.as_deref().map(|state| ("state", state));
        redirect_uri.query_pairs_mut().extend_pairs(answer.iter().copied().chain(state));
        redirect_uri
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        match self {
            Self::ToBrowser { category, problem } => page::problem(category, &problem),
            Self::ToClient(target) => redirect(&target),
        }
    }
}

/// Where the request may send the browser: as long as that is not sure, it is sent nowhere.
fn redirect_uri(parameters: &Parameters, config: &Config) -> Result<Url, Problem> {
    if parameters.client_id.as_ref() != Some(&config.client_id) {
        return Err(Problem::ToBrowser {
            category: "`client_id` is not that of the client here",
            problem: format!(
                "`client_id` is {}; the client here is {}.",
                shown(parameters.client_id.as_deref()),
                config.client_id,
            ),
        });
    }
    let Some(wanted) = parameters.redirect_uri.as_deref() else {
        return Err(Problem::ToBrowser {
            category: "`redirect_uri` is missing",
            problem: "`redirect_uri` is missing.".to_owned(),
        });
    };
    let known = config.redirect_uris.iter().find(|uri| *uri == wanted);
    known.and_then(|uri| Url::parse(uri).ok()).ok_or_else(|| Problem::ToBrowser {
        category: "`redirect_uri` is not among the redirect URIs",
        problem: format!(
            "`redirect_uri` is {wanted:?}, which is not among the redirect URIs: {}. It must be one \
             of them, letter by letter. Add it to `redirect_uris`, or start with `--redirect-uri`.",
            config.redirect_uris.join(", "),
        ),
    })
}

fn shown(value: Option<&str>) -> String {
    value.map_or_else(|| "missing".to_owned(), |value| format!("{value:?}"))
}

/// What is wrong with a request of a client that can be told.
fn mistake(parameters: &Parameters) -> Option<&'static str> {
    let Parameters { provider, connection_id, organization_id, code_challenge, .. } = parameters;
    if parameters.response_type.as_deref() != Some("code") {
        return Some("`response_type` must be `code`.");
    }
    if [provider, connection_id, organization_id].iter().all(|selector| selector.is_none()) {
        return Some(
            "A `provider` (such as `authkit`), a connection or an organization is needed.",
        );
    }
    let challenge = code_challenge.as_ref()?;
    if parameters.code_challenge_method.as_deref() != Some("S256") {
        return Some("`code_challenge_method` must be `S256`.");
    }
    // A SHA-256 in base64url has 43 characters (RFC 7636, section 4.2).
    (challenge.len() != 43).then_some("`code_challenge` must be 43 characters long.")
}

fn redirect(target: &Url) -> Response {
    (StatusCode::FOUND, [(LOCATION, target.as_str())]).into_response()
}
