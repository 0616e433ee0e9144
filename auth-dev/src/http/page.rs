//! What people see in a browser. It works without scripts, and asks for no consent.

use std::sync::{Arc, LazyLock};

use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use minijinja::{Environment as Pages, Value, context};
use serde_json::Value as Json;
use url::form_urlencoded;

use super::tryout;
use crate::directory::{Membership, User};
use crate::environment::Environment;
use crate::session::Session;

/// Nothing but our own style sheet, and nobody may put a frame around it.
const POLICY: (HeaderName, &str) = (
    CONTENT_SECURITY_POLICY,
    "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
);

static PAGES: LazyLock<Pages<'static>> = LazyLock::new(|| {
    let mut pages = Pages::new();
    let sources = [
        ("layout.html", include_str!("pages/layout.html")),
        ("sign_in.html", include_str!("pages/sign_in.html")),
        ("organizations.html", include_str!("pages/organizations.html")),
        ("signed_in.html", include_str!("pages/signed_in.html")),
        ("problem.html", include_str!("pages/problem.html")),
        ("about.html", include_str!("pages/about.html")),
    ];
    for (name, source) in sources {
        // One that does not parse is missing, and every page is rendered by a test.
        let _ = pages.add_template(name, source);
    }
    pages
});

fn render(status: StatusCode, name: &str, values: Value) -> Response {
    match PAGES.get_template(name).and_then(|page| page.render(values)) {
        Ok(page) => (status, [POLICY], Html(page)).into_response(),
        Err(error) => {
            tracing::error!(name, %error, "page not rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Asks who it is. The forms go to where this page was asked for.
pub(super) fn sign_in(
    environment: &Environment,
    uri: &Uri,
    hint: &str,
    problem: Option<&str>,
) -> Response {
    let users: Vec<Value> = environment.directory.users().iter().map(shown).collect();
    let client_id = &environment.config.client_id;
    let action = uri.to_string();
    render(StatusCode::OK, "sign_in.html", context! { users, client_id, action, hint, problem })
}

fn shown(user: &User) -> Value {
    let name = user.name().unwrap_or_else(|| user.local_part().to_owned());
    let initials: String = name.split(' ').filter_map(|part| part.chars().next()).take(2).collect();
    let roles: Vec<String> = user.memberships.iter().map(described).collect();
    context! { name, initials, roles, email => &user.email, email_verified => user.email_verified }
}

fn described(membership: &Membership) -> String {
    match membership.roles.as_slice() {
        [] => membership.organization.clone(),
        roles => format!("{} in {}", roles.join(", "), membership.organization),
    }
}

/// Asks in which of several organizations.
pub(super) fn organizations(environment: &Environment, uri: &Uri, user: &User) -> Response {
    let organizations: Vec<Value> = user
        .memberships
        .iter()
        .map(|membership| {
            let id = &membership.organization;
            let name = environment.directory.organization(id).map(|known| &known.name);
            context! { id, name, roles => &membership.roles }
        })
        .collect();
    let (email, action) = (&user.email, uri.to_string());
    render(StatusCode::OK, "organizations.html", context! { organizations, email, action })
}

/// What came of a sign-in that began on the front page.
pub(super) fn signed_in(environment: &Environment, session: &Session, claims: &Json) -> Response {
    let sign_out = form_urlencoded::Serializer::new("/user_management/sessions/logout?".to_owned())
        .append_pair("session_id", &session.id)
        .append_pair("return_to", &format!("{}/", environment.url))
        .finish();
    let claims = format!("{claims:#}");
    render(StatusCode::OK, "signed_in.html", context! { claims, sign_out })
}

/// Says what was wrong with a request. The log has only the category: values may be secrets, or made
/// to look like lines of the log.
pub(super) fn problem(category: &'static str, problem: &str) -> Response {
    tracing::warn!("refused: {category:?}");
    render(StatusCode::BAD_REQUEST, "problem.html", context! { problem })
}

/// Says what this is, to whoever looks.
pub(super) async fn about(State(environment): State<Arc<Environment>>) -> Response {
    let config = &environment.config;
    let users: Vec<Value> = environment.directory.users().iter().map(shown).collect();
    let values = context! {
        users,
        authorization => tryout::authorization(&environment),
        url => &environment.url,
        client_id => &config.client_id,
        redirect_uris => &config.redirect_uris,
        cors_origins => &config.cors_origins,
    };
    render(StatusCode::OK, "about.html", values)
}

pub(super) async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css")], include_str!("pages/style.css"))
}
