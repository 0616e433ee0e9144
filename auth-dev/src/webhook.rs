//! Events, signed and sent to whoever wants to hear of them.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use url::Url;

use crate::causes::causes;
use crate::clock::rfc3339;
use crate::config::WebhookEndpoint;
use crate::random::unguessable;
use crate::secret::hidden;

const TIMEOUT: Duration = Duration::from_secs(10);

pub(crate) struct Webhooks {
    endpoint: Option<WebhookEndpoint>,
    client: reqwest::Client,
}

impl Webhooks {
    pub(crate) fn new(endpoint: Option<WebhookEndpoint>) -> Self {
        // A receiver is where it is said to be; a proxy does not know this machine's own.
        let client = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build();
        Self { endpoint, client: client.unwrap_or_default() }
    }

    /// Sends an event, once, in the background. A receiver that does not take it is told of in the
    /// log.
    pub(crate) fn send(&self, event: &'static str, data: Value, now: SystemTime) {
        let Some(WebhookEndpoint { url, secret }) = self.endpoint.clone() else { return };
        let body = json!({
            "object": "event",
            "id": format!("event_{}", unguessable()),
            "event": event,
            "data": data,
            "created_at": rfc3339(now),
        })
        .to_string();
        let request = self
            .client
            .post(&url)
            .timeout(TIMEOUT)
            .header("content-type", "application/json")
            .header("workos-signature", signature(&secret, now, &body))
            .body(body);
        let url = shown(&url);
        tokio::spawn(async move {
            match request.send().await {
                Ok(response) if response.status().is_success() => {
                    tracing::info!(event, url, "webhook delivered");
                }
                Ok(response) => {
                    let status = response.status().as_u16();
                    tracing::warn!(event, url, status, "webhook not delivered");
                }
                Err(error) => {
                    tracing::warn!(event, url, "webhook not delivered: {}", causes(error));
                }
            }
        });
    }
}

/// The query may have a secret, and so may a part of the path.
fn shown(url: &str) -> String {
    let shown = |url: Url| hidden(&format!("{}{}", url.origin().ascii_serialization(), url.path()));
    Url::parse(url).map(shown).unwrap_or_default()
}

/// The time in milliseconds, and the HMAC of it and the body.
fn signature(secret: &str, now: SystemTime, body: &str) -> String {
    let time = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_millis();
    let key = Key::new(HMAC_SHA256, secret.as_bytes());
    let tag = sign(&key, format!("{time}.{body}").as_bytes());
    let mut header = format!("t={time}, v1=");
    for byte in tag.as_ref() {
        // Writing to a string does not fail.
        let _ = write!(header, "{byte:02x}");
    }
    header
}
