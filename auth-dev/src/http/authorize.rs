//! `GET /user_management/authorize` and `GET /sso/authorize`: where a browser is sent to sign in.
//!
//! With a `login_hint` that is somebody's address, that person is signed in without being asked, so
//! that tests need no browser. Otherwise a page asks, and posts the answer to the same address.

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::authorization_request::AuthorizationRequest;
use super::page;
use super::strangers::is_from_here;
use crate::directory::{StepUp, User};
use crate::environment::Environment;
use crate::session::{Code, Impersonator, Session};
use crate::token::Issuer;

type Shared = State<Arc<Environment>>;

/// What somebody has chosen on the page.
#[derive(Default, Deserialize)]
pub(super) struct Choice {
    email: String,
    organization_id: Option<String>,
    #[serde(default)]
    impersonator: String,
    #[serde(default)]
    reason: String,
}

pub(super) async fn user_management(State(environment): Shared, uri: Uri) -> Response {
    ask(SignIn { environment: &environment, uri: &uri, issuer: Issuer::UserManagement })
}

pub(super) async fn sso(State(environment): Shared, uri: Uri) -> Response {
    ask(SignIn { environment: &environment, uri: &uri, issuer: Issuer::Sso })
}

pub(super) async fn user_management_sign_in(
    State(environment): Shared,
    uri: Uri,
    headers: HeaderMap,
    choice: Result<Form<Choice>, FormRejection>,
) -> Response {
    let issuer = Issuer::UserManagement;
    answer(SignIn { environment: &environment, uri: &uri, issuer }, &headers, choice)
}

pub(super) async fn sso_sign_in(
    State(environment): Shared,
    uri: Uri,
    headers: HeaderMap,
    choice: Result<Form<Choice>, FormRejection>,
) -> Response {
    let issuer = Issuer::Sso;
    answer(SignIn { environment: &environment, uri: &uri, issuer }, &headers, choice)
}

/// What the browser is sent to sign in to.
struct SignIn<'a> {
    environment: &'a Environment,
    /// Where the page posts to.
    uri: &'a Uri,
    issuer: Issuer,
}

fn ask(sign_in: SignIn<'_>) -> Response {
    let SignIn { environment, uri, .. } = sign_in;
    let request = match AuthorizationRequest::read(uri, &environment.config) {
        Ok(request) => request,
        Err(problem) => return problem.into_response(),
    };
    match environment.directory.by_email(request.login_hint()) {
        None => page::sign_in(environment, uri, request.login_hint(), None),
        Some(user) => sign_in.of(&user, request, Choice::default()),
    }
}

fn answer(
    sign_in: SignIn<'_>,
    headers: &HeaderMap,
    choice: Result<Form<Choice>, FormRejection>,
) -> Response {
    let SignIn { environment, uri, .. } = sign_in;
    let Ok(Form(choice)) = choice else {
        return page::problem(
            "the form cannot be read",
            "This is not what the form of the sign-in page sends.",
        );
    };
    if !is_from_here(headers) {
        let problem = "Another site has sent this form. Sign in on the page itself.";
        return page::problem("another site has sent a form", problem);
    }
    let request = match AuthorizationRequest::read(uri, &environment.config) {
        Ok(request) => request,
        Err(problem) => return problem.into_response(),
    };
    let email = choice.email.trim();
    if !User::is_address(email) {
        let problem = format!("{email:?} is no e-mail address.");
        return page::sign_in(environment, uri, email, Some(&problem));
    }
    let user = environment.directory.with_email(email);
    sign_in.of(&user, request, choice)
}

impl SignIn<'_> {
    /// Gives a code, unless an organization has to be chosen first.
    fn of(self, user: &User, request: AuthorizationRequest, choice: Choice) -> Response {
        let Self { environment, uri, issuer } = self;
        // Those of a connection come from single sign-on.
        let issuer = if request.names_connection() { Issuer::Sso } else { issuer };
        let now = environment.clock.now();
        let mut session = Session::begin(&user.id, issuer, now);
        let wanted = choice.organization_id.as_deref().or(request.organization_id());
        let membership = match wanted {
            Some(id) => {
                let Some(membership) = user.membership(id) else {
                    let problem = format!("{} is no member of {id}.", user.email);
                    return page::sign_in(environment, uri, &user.email, Some(&problem));
                };
                Some(membership)
            }
            None if user.memberships.len() > 1 && !chooses_later(user) => {
                return page::organizations(environment, uri, user);
            }
            None => user.only_membership(),
        };
        session.organization_id = membership.map(|membership| membership.organization.clone());
        session.impersonator = (!choice.impersonator.is_empty())
            .then_some(Impersonator { email: choice.impersonator, reason: choice.reason });
        let challenge = request.code_challenge().map(str::to_owned);
        let code = environment.sessions.issue_code(Code { session, challenge, issued: now });
        request.answer_with_code(&code)
    }
}

/// Whoever has not been asked for an organization is asked when the code is redeemed.
fn chooses_later(user: &User) -> bool {
    user.step_up == Some(StepUp::OrganizationSelectionRequired)
}
