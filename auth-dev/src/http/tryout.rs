//! A sign-in that needs no application: the front page begins it, and here one sees how it went.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use url::form_urlencoded;

use super::page;
use crate::environment::Environment;
use crate::token::{self, TokenOptions};

/// Where the front page's own sign-in comes back to.
pub(crate) const CALLBACK: &str = "/_dev/callback";

/// The query of the front page's own authorization request.
pub(super) fn authorization(environment: &Environment) -> String {
    form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", &environment.config.client_id)
        .append_pair("redirect_uri", &format!("{}{CALLBACK}", environment.url))
        .append_pair("response_type", "code")
        .append_pair("provider", "authkit")
        .finish()
}

#[derive(Deserialize)]
pub(super) struct Callback {
    code: Option<String>,
    error_description: Option<String>,
}

pub(super) async fn callback(
    State(environment): State<Arc<Environment>>,
    Query(callback): Query<Callback>,
) -> Response {
    let Some(code) = callback.code else {
        let missing = || "`code` is missing: begin on the front page.".to_owned();
        return page::problem(
            "the callback has no code",
            &callback.error_description.unwrap_or_else(missing),
        );
    };
    let now = environment.clock.now();
    let Ok((session, _)) = environment.sessions.redeem_code(&code, None, false, now) else {
        let problem = "The code is used or unknown: begin on the front page.";
        return page::problem("the code is used or unknown", problem);
    };
    match token::claims(&environment, &session, &TokenOptions::default()) {
        Ok(claims) => page::signed_in(&environment, &session, &claims.into()),
        Err(error) => page::problem("no claims can be made", &error.to_string()),
    }
}
