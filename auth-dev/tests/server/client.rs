//! What the tests share: a client that follows no redirect, and a way through a sign-in.

use auth_dev::{AuthDev, Config};
use jsonwebtoken::dangerous::insecure_decode_claims;
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use url::Url;

pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// The challenge to it, from RFC 7636, appendix B.
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const CALLBACK: &str = "http://localhost:5173/callback";

pub(crate) type Pairs<'a> = &'a [(&'a str, &'a str)];

pub(crate) async fn start(config: Config) -> AuthDev {
    AuthDev::start(config).await.unwrap()
}

/// A server with people of its own.
pub(crate) async fn seeded(toml: &str) -> AuthDev {
    start(Config::from_toml(toml).unwrap()).await
}

pub(crate) fn http() -> Client {
    Client::builder().redirect(Policy::none()).build().unwrap()
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) async fn to(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await.unwrap(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        Some(self.headers.get(name)?.to_str().unwrap())
    }

    /// Where a redirect leads, without its query, and the query.
    pub(crate) fn location(&self) -> (String, Value) {
        assert_eq!(self.status, 302, "{}", self.body);
        let mut url: Url = self.header("location").unwrap().parse().unwrap();
        let query = url.query_pairs().into_owned().map(|(name, value)| (name, json!(value)));
        let query = Value::Object(query.collect());
        url.set_query(None);
        (url.into(), query)
    }

    /// The error of a refusal in the manner of OAuth, or its code.
    pub(crate) fn refusal(&self) -> (u16, String) {
        let body = self.json();
        let error = body["error"].as_str().or(body["code"].as_str());
        (self.status, error.unwrap_or_default().to_owned())
    }
}

/// The address of an authorization request that can be answered, but for the changes: with a value,
/// a parameter has another one, without it is missing.
pub(crate) fn authorize_url(workos: &AuthDev, changes: &[(&str, Option<&str>)]) -> Url {
    let usual = [
        ("client_id", workos.client_id()),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("provider", "authkit"),
        ("state", "the state"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let is_changed = |name: &str| changes.iter().any(|(changed, _)| *changed == name);
    let unchanged = usual.into_iter().filter(|(name, _)| !is_changed(name));
    let changed = changes.iter().filter_map(|(name, value)| Some((*name, (*value)?)));
    let url = format!("{}/user_management/authorize", workos.url());
    Url::parse_with_params(&url, unchanged.chain(changed)).unwrap()
}

/// The code of a sign-in.
pub(crate) async fn code(
    workos: &AuthDev,
    email: &str,
    changes: &[(&str, Option<&str>)],
) -> String {
    let changes = [changes, &[("login_hint", Some(email))]].concat();
    let answer = Answer::to(http().get(authorize_url(workos, &changes))).await;
    answer.location().1["code"].as_str().unwrap().to_owned()
}

pub(crate) async fn authenticate(workos: &AuthDev, grant: Value) -> Answer {
    let url = format!("{}/user_management/authenticate", workos.url());
    Answer::to(http().post(url).json(&grant)).await
}

/// How a page redeems a code.
pub(crate) fn code_grant(workos: &AuthDev, code: &str) -> Value {
    json!({
        "grant_type": "authorization_code",
        "client_id": workos.client_id(),
        "code": code,
        "code_verifier": VERIFIER,
    })
}

pub(crate) fn refresh_grant(workos: &AuthDev, refresh_token: &Value) -> Value {
    json!({
        "grant_type": "refresh_token",
        "client_id": workos.client_id(),
        "refresh_token": refresh_token,
    })
}

/// The session of somebody who has just signed in.
pub(crate) async fn sign_in(workos: &AuthDev, email: &str) -> Value {
    let code = code(workos, email, &[]).await;
    let answer = authenticate(workos, code_grant(workos, &code)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

pub(crate) fn claims(token: &Value) -> Value {
    insecure_decode_claims(token.as_str().unwrap()).unwrap()
}
