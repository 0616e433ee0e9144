//! How a route of sessions answers.

use http::StatusCode;
use serde_json::{Value, json};

use super::super::Inner;
use crate::decision;
use crate::error::AuthError;

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
    pub(super) fn redirect(location: impl Into<String>, set_cookies: Vec<String>) -> Self {
        let location = Some(location.into());
        Self { status: StatusCode::SEE_OTHER, location, set_cookies, body: AnswerBody::Empty }
    }

    pub(super) fn json(status: StatusCode, body: Value, set_cookies: Vec<String>) -> Self {
        Self { status, location: None, set_cookies, body: AnswerBody::Json(body) }
    }

    pub(crate) fn empty(status: StatusCode) -> Self {
        Self { status, location: None, set_cookies: Vec::new(), body: AnswerBody::Empty }
    }

    pub(super) fn signed_out(set_cookies: Vec<String>) -> Self {
        Self::json(StatusCode::OK, json!({ "state": "signed_out" }), set_cookies)
    }
}

impl Inner {
    /// Tells of a refusal by one of these routes, as of those by guards, and answers with it.
    pub(super) fn refusal(
        &self,
        method: &str,
        path: &str,
        error: AuthError,
        set_cookies: Vec<String>,
    ) -> Answer {
        let request = format_args!("{method} {path}");
        let error = decision::refused(Some(&self.auth), None, None, error, &request);
        let (status, body) = (error.status(), AnswerBody::Refusal(error));
        Answer { status, location: None, set_cookies, body }
    }

    /// The same for the person before a browser that has come back from WorkOS. Nothing of the request is
    /// in the page.
    pub(super) fn failed(&self, error: AuthError, set_cookies: Vec<String>) -> Answer {
        let answer = self.refusal("GET", &self.callback, error, set_cookies);
        let page = if answer.status.is_server_error() { UNAVAILABLE } else { FAILED };
        Answer { body: AnswerBody::Html(page), ..answer }
    }
}

/// The Content-Security-Policy of a page of ours: it loads nothing, and nobody frames it.
pub(crate) const PAGE_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

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
