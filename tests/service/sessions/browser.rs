//! A browser: it keeps cookies, and tells the headers of answers.

use std::sync::Arc;

use reqwest::cookie::{CookieStore, Jar};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
use url::Url;

use crate::client::{Answer, answer};

/// Keeps cookies and follows redirects.
pub(super) struct Browser {
    pub(super) jar: Arc<Jar>,
    client: Client,
}

impl Browser {
    pub(super) fn new() -> Self {
        Self::with_jar(Arc::new(Jar::default()), Policy::limited(10))
    }

    /// The same browser, which shows redirects.
    pub(super) fn without_redirects(&self) -> Self {
        Self::with_jar(Arc::clone(&self.jar), Policy::none())
    }

    fn with_jar(jar: Arc<Jar>, redirects: Policy) -> Self {
        let client = Client::builder().cookie_provider(Arc::clone(&jar)).redirect(redirects);
        Self { jar, client: client.build().unwrap() }
    }

    pub(super) fn request(&self, method: &str, url: &str) -> RequestBuilder {
        self.client.request(method.parse().unwrap(), url)
    }

    pub(super) async fn get(&self, url: &str) -> Answer {
        answer(self.request("GET", url)).await
    }

    /// As a form or a script of the service's own page does.
    pub(super) async fn post(&self, url: &str) -> Answer {
        answer(self.request("POST", url).header("sec-fetch-site", "same-origin")).await
    }

    /// The cookies that a request to the service bears.
    pub(super) fn cookies(&self, url: &str) -> String {
        let cookies = self.jar.cookies(&url.parse::<Url>().unwrap());
        cookies.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }
}

/// Without those that take away the parts of a longer one.
pub(super) fn set_cookies(answer: &Answer) -> Vec<String> {
    let values = answer.headers.get_all("set-cookie").iter();
    let values = values.map(|value| value.to_str().unwrap().to_owned());
    values.filter(|value| !(value.starts_with("session.") && value.contains("Max-Age=0"))).collect()
}

pub(super) fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    Some(answer.headers.get(name)?.to_str().unwrap())
}
