//! A client that says plainly what came back.

use reqwest::header::{HeaderMap, WWW_AUTHENTICATE};
use reqwest::{Client, RequestBuilder};
use serde_json::Value;

pub(crate) async fn send(method: &str, url: String, token: Option<&str>) -> Answer {
    let mut request = Client::new().request(method.parse().unwrap(), url);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    answer(request).await
}

pub(crate) async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: response.text().await.unwrap(),
    }
}

/// What came back for a request.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The status and, for a refusal, its code.
    pub(crate) fn outcome(&self) -> (u16, Option<String>) {
        let code = serde_json::from_str::<Value>(&self.body).ok();
        let code = code.and_then(|body| Some(body.get("code")?.as_str()?.to_owned()));
        (self.status, code)
    }

    pub(crate) fn challenge(&self) -> Option<&str> {
        Some(self.headers.get(WWW_AUTHENTICATE)?.to_str().unwrap())
    }
}
