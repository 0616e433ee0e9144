//! Pages that have browsers sign in, in place of a 401.

use url::form_urlencoded;

use super::super::head::Head;
use super::super::return_path::is_path_of_service;
use super::super::{Inner, Sessions};

impl Inner {
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
