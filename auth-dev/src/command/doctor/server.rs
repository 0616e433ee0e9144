//! Whether the running server agrees.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, CONTENT_TYPE, DATE, LOCATION, ORIGIN,
};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use url::Url;

use super::clock;
use super::settings::Settings;
use super::value::page_url;
use crate::causes::causes;
use crate::command::Failure;
use crate::command::explain::{Service, Trust, Unverified};
use crate::command::report::{Finding, Outcome};
use crate::command::servers::{at, client, is_loopback};

const TIMEOUT: Duration = Duration::from_secs(5);

/// A server that answers.
pub(super) struct Server<'a> {
    http: Client,
    url: Url,
    client_id: &'a str,
    pub(super) is_auth_dev: bool,
    date: Option<SystemTime>,
    asked_at: SystemTime,
}

impl<'a> Server<'a> {
    /// Says what is in the way if it does not answer.
    pub(super) async fn reach(url: &str, client_id: &'a str) -> Result<Self, Failure> {
        let url = Url::parse(url)?;
        let http = client(&url).redirect(Policy::none()).timeout(TIMEOUT).build()?;
        let answer = http.get(at(&url, &["_dev", "requests"])).send().await.map_err(causes)?;
        let date = answer.headers().get(DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| httpdate::parse_http_date(date).ok());
        let asked_at = SystemTime::now();
        // Some servers answer everything, with a page.
        let is_auth_dev = answer.status() == StatusCode::OK
            && answer.json::<BTreeMap<String, u64>>().await.is_ok();
        Ok(Self { http, url, client_id, is_auth_dev, date, asked_at })
    }

    pub(super) fn name(&self) -> &'static str {
        match (self.is_auth_dev, self.url.host_str()) {
            (true, _) => "auth-dev",
            (false, Some("api.workos.com")) => "WorkOS",
            _ => "a server that is not auth-dev",
        }
    }

    pub(super) async fn check(&self, settings: &Settings, api_key: Option<&str>) -> Vec<Finding> {
        vec![
            self.key_set().await,
            self.client_secret(api_key).await,
            self.redirect_uri("service_redirect_uri", settings.value("WORKOS_REDIRECT_URI")).await,
            self.redirect_uri("page_redirect_uri", settings.value("VITE_WORKOS_REDIRECT_URI"))
                .await,
            self.page_origin(settings.value("VITE_WORKOS_REDIRECT_URI")).await,
        ]
    }

    async fn key_set(&self) -> Finding {
        let name = "key_set";
        let trust = Trust::WorkOs {
            client_id: self.client_id.to_owned(),
            api_url: self.url.as_str().trim_end_matches('/').to_owned(),
        };
        let service = match Service::new(trust, None, &Unverified::read("")) {
            Ok(service) => service,
            Err(failure) => return Finding::new(name, Outcome::Failed, failure.to_string()),
        };
        match service.ready().await {
            Ok(()) => Finding::new(name, Outcome::Ok, service.keys_in_words()),
            Err(error) => Finding::new(name, Outcome::Failed, error.to_string())
                .mend(
                    "set WORKOS_CLIENT_ID to a client that this server has; if the server is in trouble \
                     (5xx), ask again when it is not",
                ),
        }
    }

    /// Exchanges a code that nobody has issued: who the client is, is asked before.
    async fn client_secret(&self, api_key: Option<&str>) -> Finding {
        let name = "client_secret";
        let Some(api_key) = api_key else {
            return Finding::new(name, Outcome::Skipped, "no good WORKOS_API_KEY");
        };
        if is_loopback(&self.url) && api_key.starts_with("sk_live_") {
            return Finding::new(name, Outcome::Skipped, "a live key is not sent to this machine");
        }
        let body = json!({
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "client_secret": api_key,
            "code": "made-up-by-auth-dev-doctor",
        });
        let request = self.http.post(self.at(&["user_management", "authenticate"])).json(&body);
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return unanswered(name, error),
        };
        let status = answer.status();
        let body: Value = answer.json().await.unwrap_or_default();
        match body.get("error").and_then(Value::as_str) {
            Some("invalid_grant") => {
                Finding::new(name, Outcome::Ok, "WORKOS_API_KEY is of the client WORKOS_CLIENT_ID")
            }
            Some("invalid_client" | "unauthorized_client") => Finding::new(
                name,
                Outcome::Failed,
                "WORKOS_API_KEY is not of the client WORKOS_CLIENT_ID",
            )
            .mend("take both from the same environment in the WorkOS dashboard, under API Keys"),
            other => Finding::new(
                name,
                Outcome::Warning,
                format!("cannot be told: {status}, {}", other.unwrap_or("without a known error")),
            )
            .mend("look at the key and the client id in the WorkOS dashboard, under API Keys"),
        }
    }

    async fn redirect_uri(&self, name: &'static str, uri: Option<&str>) -> Finding {
        let Some(uri) = uri.filter(|uri| page_url(uri).is_some()) else {
            return Finding::new(name, Outcome::Skipped, "no redirect URI to ask about");
        };
        let query = [
            ("client_id", self.client_id),
            ("redirect_uri", uri),
            ("response_type", "code"),
            ("provider", "authkit"),
            ("state", "auth-dev-doctor"),
        ];
        let request = self.http.get(self.at(&["user_management", "authorize"])).query(&query);
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return unanswered(name, error),
        };
        if answer.status().is_server_error() {
            return Finding::new(
                name,
                Outcome::Warning,
                format!("cannot be told: {}", answer.status()),
            );
        }
        if !leads_to_an_error(&answer) {
            return Finding::new(name, Outcome::Ok, format!("{uri} is accepted"));
        }
        let mend = if self.is_auth_dev {
            format!(
                "start it with `auth-dev serve --redirect-uri {uri}`, or add it to \
                 `redirect_uris` in the seed file"
            )
        } else {
            format!("add {uri} in the WorkOS dashboard under Redirects, letter by letter")
        };
        Finding::new(name, Outcome::Failed, format!("{uri} is not accepted")).mend(mend)
    }

    /// Asks as a browser does before a page may exchange its code (CORS).
    async fn page_origin(&self, redirect_uri: Option<&str>) -> Finding {
        let name = "page_origin";
        let Some(page) = redirect_uri.and_then(page_url) else {
            return Finding::new(name, Outcome::Skipped, "no VITE_WORKOS_REDIRECT_URI, so no page");
        };
        let origin = page.origin().ascii_serialization();
        let request = self
            .http
            .request(Method::OPTIONS, self.at(&["user_management", "authenticate"]))
            .header(ORIGIN, &origin)
            .header(ACCESS_CONTROL_REQUEST_METHOD, "POST")
            .header(ACCESS_CONTROL_REQUEST_HEADERS, CONTENT_TYPE.as_str());
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return unanswered(name, error),
        };
        let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
        let allowed = header(ACCESS_CONTROL_ALLOW_ORIGIN);
        let is_ours = allowed == Some(&origin);
        let with_cookies = is_ours && header(ACCESS_CONTROL_ALLOW_CREDENTIALS) == Some("true");
        let mend = if self.is_auth_dev {
            format!("start it with `auth-dev serve --cors-origin {origin}`")
        } else {
            format!("add {origin} to the CORS origins in the WorkOS dashboard")
        };
        if !is_ours && allowed != Some("*") {
            return Finding::new(name, Outcome::Failed, format!("pages at {origin} may not ask"))
                .mend(mend);
        }
        // On this machine, AuthKit keeps the refresh token itself (`devMode`).
        if !with_cookies && !is_loopback(&page) {
            let says = format!(
                "pages at {origin} may ask, but without cookies, so nobody stays signed in"
            );
            return Finding::new(name, Outcome::Warning, says).mend(mend);
        }
        Finding::new(name, Outcome::Ok, format!("pages at {origin} may ask"))
    }

    /// What time it is there: when it has made a token just now, or else answered.
    pub(super) fn clock(&self, token_made_now: Option<&str>) -> Finding {
        let made = token_made_now.and_then(|token| Unverified::read(token).date("iat"));
        match made {
            Some(made) => clock::compared(Some(made), SystemTime::now()),
            None => clock::compared(self.date, self.asked_at),
        }
    }

    /// A token of the first of auth-dev's people.
    pub(super) async fn token(&self) -> Result<Option<String>, Failure> {
        let users = self.http.get(self.at(&["_dev", "users"])).send().await.map_err(causes)?;
        let users: Value = users.json().await.map_err(causes)?;
        let Some(user) = users.pointer("/0/id").and_then(Value::as_str) else { return Ok(None) };
        let answer =
            self.http.get(self.at(&["_dev", "token", user])).send().await.map_err(causes)?;
        let is_token = answer.status() == StatusCode::OK;
        Ok(Some(answer.text().await?).filter(|_| is_token))
    }

    fn at(&self, path: &[&str]) -> Url {
        at(&self.url, path)
    }
}

/// WorkOS sends a browser with a wrong request to a site for errors.
fn leads_to_an_error(answer: &Response) -> bool {
    let target = answer.headers().get(LOCATION).and_then(|target| target.to_str().ok());
    let target = target.and_then(|target| answer.url().join(target).ok());
    let is_of_errors = target.is_some_and(|target| {
        target.host_str().is_some_and(|host| host.starts_with("error."))
            || target.query_pairs().any(|(name, _)| name == "error")
    });
    answer.status().is_client_error() || is_of_errors
}

fn unanswered(name: &'static str, error: reqwest::Error) -> Finding {
    Finding::new(name, Outcome::Warning, format!("cannot be told: {}", causes(error)))
}
