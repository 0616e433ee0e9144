//! `GET /user_management/authorize` and `GET /sso/authorize`: where a browser is sent to sign in.
//!
//! With a `login_hint` that is somebody's address, that person is signed in without being asked, so
//! that tests need no browser. Otherwise a page asks, and posts the answer to the same address.

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use url::Url;

use super::page;
use super::strangers::is_from_here;
use crate::directory::{StepUp, User};
use crate::environment::Environment;
use crate::session::{Code, Impersonator, Session};
use crate::token::Issuer;

type Shared = State<Arc<Environment>>;

#[derive(Deserialize)]
struct Authorization {
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

/// What somebody has chosen on the page.
#[derive(Deserialize)]
pub(super) struct Choice {
    email: String,
    organization_id: Option<String>,
    #[serde(default)]
    impersonator: String,
    #[serde(default)]
    reason: String,
}

/// Why a request cannot be answered.
enum Problem {
    /// Where the browser may be sent is not known: whoever sits before it is told.
    ToBrowser { category: &'static str, problem: String },
    /// The client is told (RFC 6749, section 4.1.2.1).
    ToClient(Box<Url>),
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        match self {
            Self::ToBrowser { category, problem } => page::problem(category, &problem),
            Self::ToClient(target) => redirect(&target),
        }
    }
}

pub(super) async fn user_management(State(environment): Shared, uri: Uri) -> Response {
    ask(&environment, &uri, Issuer::UserManagement)
}

pub(super) async fn sso(State(environment): Shared, uri: Uri) -> Response {
    ask(&environment, &uri, Issuer::Sso)
}

pub(super) async fn user_management_sign_in(
    State(environment): Shared,
    uri: Uri,
    headers: HeaderMap,
    choice: Result<Form<Choice>, FormRejection>,
) -> Response {
    answer(&environment, &uri, &headers, Issuer::UserManagement, choice)
}

pub(super) async fn sso_sign_in(
    State(environment): Shared,
    uri: Uri,
    headers: HeaderMap,
    choice: Result<Form<Choice>, FormRejection>,
) -> Response {
    answer(&environment, &uri, &headers, Issuer::Sso, choice)
}

fn ask(environment: &Environment, uri: &Uri, issuer: Issuer) -> Response {
    let (request, redirect_uri) = match read(uri, environment) {
        Ok(request) => request,
        Err(problem) => return problem.into_response(),
    };
    let hint = request.login_hint.as_deref().unwrap_or_default();
    match environment.directory.by_email(hint) {
        None => page::sign_in(environment, uri, hint, None),
        Some(user) => {
            let choice = Choice {
                email: user.email.clone(),
                organization_id: None,
                impersonator: String::new(),
                reason: String::new(),
            };
            sign_in(environment, uri, request, redirect_uri, issuer, &user, choice)
        }
    }
}

fn answer(
    environment: &Environment,
    uri: &Uri,
    headers: &HeaderMap,
    issuer: Issuer,
    choice: Result<Form<Choice>, FormRejection>,
) -> Response {
    let Ok(Form(mut choice)) = choice else {
        return page::problem(
            "the form cannot be read",
            "This is not what the form of the sign-in page sends.",
        );
    };
    if !is_from_here(headers) {
        let problem = "Another site has sent this form. Sign in on the page itself.";
        return page::problem("another site has sent a form", problem);
    }
    let (request, redirect_uri) = match read(uri, environment) {
        Ok(request) => request,
        Err(problem) => return problem.into_response(),
    };
    choice.email = choice.email.trim().to_owned();
    if !User::is_address(&choice.email) {
        let problem = format!("{:?} is no e-mail address.", choice.email);
        return page::sign_in(environment, uri, &choice.email, Some(&problem));
    }
    let user = environment.directory.with_email(&choice.email);
    sign_in(environment, uri, request, redirect_uri, issuer, &user, choice)
}

/// The request, if it can be answered, and where the answer goes.
fn read(uri: &Uri, environment: &Environment) -> Result<(Authorization, Url), Problem> {
    let request = Query::<Authorization>::try_from_uri(uri);
    let Query(request) = request.map_err(|error| Problem::ToBrowser {
        category: "the query cannot be read",
        problem: error.body_text(),
    })?;
    let redirect_uri = redirect_uri(&request, environment)?;
    if let Err(description) = check(&request) {
        let error = [("error", "invalid_request"), ("error_description", &description)];
        return Err(Problem::ToClient(Box::new(answered(redirect_uri, &request, &error))));
    }
    Ok((request, redirect_uri))
}

/// Where the request may send the browser: as long as that is not sure, it is sent nowhere.
fn redirect_uri(request: &Authorization, environment: &Environment) -> Result<Url, Problem> {
    let config = &environment.config;
    if request.client_id.as_ref() != Some(&config.client_id) {
        return Err(Problem::ToBrowser {
            category: "`client_id` is not that of the client here",
            problem: format!(
                "`client_id` is {}; the client here is {}.",
                shown(request.client_id.as_deref()),
                config.client_id,
            ),
        });
    }
    let Some(wanted) = request.redirect_uri.as_deref() else {
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

fn check(request: &Authorization) -> Result<(), String> {
    if request.response_type.as_deref() != Some("code") {
        return Err("`response_type` must be `code`.".to_owned());
    }
    if [&request.provider, &request.connection_id, &request.organization_id]
        .iter()
        .all(|selector| selector.is_none())
    {
        return Err("A `provider` (such as `authkit`), a connection or an organization is needed."
            .to_owned());
    }
    if request.code_challenge.is_some() && request.code_challenge_method.as_deref() != Some("S256")
    {
        return Err("`code_challenge_method` must be `S256`.".to_owned());
    }
    // A SHA-256 in base64url has 43 characters (RFC 7636, section 4.2).
    if request.code_challenge.as_ref().is_some_and(|challenge| challenge.len() != 43) {
        return Err("`code_challenge` must be 43 characters long.".to_owned());
    }
    Ok(())
}

fn sign_in(
    environment: &Environment,
    uri: &Uri,
    request: Authorization,
    redirect_uri: Url,
    issuer: Issuer,
    user: &User,
    choice: Choice,
) -> Response {
    // Those of a connection come from single sign-on.
    let issuer = if request.connection_id.is_some() { Issuer::Sso } else { issuer };
    let now = environment.clock.now();
    let mut session = Session::begin(&user.id, issuer, now);
    session.organization_id =
        match choice.organization_id.or_else(|| request.organization_id.clone()) {
            Some(id) if user.membership(&id).is_some() => Some(id),
            Some(id) => {
                let problem = format!("{} is no member of {id}.", user.email);
                return page::sign_in(environment, uri, &user.email, Some(&problem));
            }
            None if user.memberships.len() > 1 && !chooses_later(user) => {
                return page::organizations(environment, uri, user);
            }
            None => user.only_membership().map(|membership| membership.organization.clone()),
        };
    session.impersonator = (!choice.impersonator.is_empty())
        .then_some(Impersonator { email: choice.impersonator, reason: choice.reason });
    let challenge = request.code_challenge.clone();
    let code = environment.sessions.issue_code(Code { session, challenge, issued: now });
    redirect(&answered(redirect_uri, &request, &[("code", &code)]))
}

/// Whoever has not been asked for an organization is asked when the code is redeemed.
fn chooses_later(user: &User) -> bool {
    user.step_up == Some(StepUp::OrganizationSelectionRequired)
}

/// Where an answer goes, together with the `state` of the request, as it was.
fn answered(mut target: Url, request: &Authorization, answer: &[(&str, &str)]) -> Url {
    let state = request.state.as_deref().map(|state| ("state", state));
    target.query_pairs_mut().extend_pairs(answer.iter().copied().chain(state));
    target
}

fn redirect(target: &Url) -> Response {
    (StatusCode::FOUND, [(LOCATION, target.as_str())]).into_response()
}
