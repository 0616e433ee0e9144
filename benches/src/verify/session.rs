//! The cookie of a session beside a token in the header: the same guarded route of axum, in process.

use anyhow::{Context as _, ensure};
use auth_core::axum::{App, Router, get};
use auth_core::session::Sessions;
use auth_core::{authenticated, steps};
use axum::body::Body;
use http::header::{AUTHORIZATION, COOKIE};
use http::{Request, StatusCode};
use tower::Service;

use super::Subject;
use crate::harness::{Case, Side};
use crate::ours::{self, CACHE, at_once};
use crate::workload::AUDIENCE;

pub(super) const WITH_TOKEN: &str = "guarded route, token";
pub(super) const WITH_SESSION: &str = "guarded route, session";

#[authenticated]
async fn handler() -> &'static str {
    "ok"
}

pub(super) struct InRoute {
    app: App,
    token: String,
    cookie: String,
}

impl InRoute {
    pub(super) fn new(subject: &Subject) -> anyhow::Result<Self> {
        let auth = ours::ready(ours::workos(CACHE, &subject.key_set))?;
        let password = "a password of at least 32 characters";
        let sessions =
            Sessions::workos(AUDIENCE, "sk_test_bench", "https://app.test/callback", password)
                .build(&auth)?;
        let cookie = at_once(steps::session_cookie(&sessions, &subject.token)).flatten();
        let cookie = cookie.context("the token is good for no session")?;
        let app =
            Router::new().route("/", get(handler)).sessions(&sessions).with_state(auth).finish()?;
        let in_route = Self { app, token: format!("Bearer {}", subject.token), cookie };
        for request in [in_route.request_with_token(), in_route.request_with_session()] {
            ensure!(call(&in_route.app, request) == Some(StatusCode::OK), "a session is refused");
        }
        Ok(in_route)
    }

    pub(super) fn cookie_len(&self) -> usize {
        self.cookie.len()
    }

    pub(super) fn token(&self) -> Case<'_> {
        let what = "a known token, on a guarded route of axum with sessions, in process";
        let request = || self.request_with_token();
        Case::consuming(WITH_TOKEN, what, Side::Ours, request, |request| call(&self.app, request))
    }

    pub(super) fn session(&self) -> Case<'_> {
        let what = "the same token in the sealed cookie of a session";
        let request = || self.request_with_session();
        Case::consuming(WITH_SESSION, what, Side::Ours, request, |request| call(&self.app, request))
    }

    fn request_with_token(&self) -> Request<Body> {
        request(AUTHORIZATION, &self.token)
    }

    fn request_with_session(&self) -> Request<Body> {
        request(COOKIE, &self.cookie)
    }
}

fn request(name: http::HeaderName, value: &str) -> Request<Body> {
    let mut request = Request::new(Body::empty());
    if let Ok(value) = value.parse() {
        request.headers_mut().insert(name, value);
    }
    request
}

fn call(app: &App, request: Request<Body>) -> Option<StatusCode> {
    let response = at_once(app.clone().call(request))?;
    response.ok().map(|response| response.status())
}
