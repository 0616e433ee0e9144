//! Where events are sent.

use std::fmt;

use serde::Deserialize;

/// Somebody who wants to hear of ended sessions (`session.revoked`) and deleted users (`user.deleted`).
///
/// An event is posted once, as JSON. The header `WorkOS-Signature` is `t=<time>, v1=<tag>`: the time in
/// milliseconds since 1970, and in hexadecimal digits the HMAC-SHA256 (RFC 2104) of the time, a dot and
/// the body.
///
/// ```
/// use auth_dev::{AuthDev, Config, Person, User, WebhookEndpoint};
/// use axum::{Json, Router, routing::post};
/// use serde_json::Value;
/// use tokio::net::TcpListener;
/// use tokio::sync::mpsc;
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // The service under test.
/// let (events, mut received) = mpsc::unbounded_channel();
/// let hear = async move |Json(event): Json<Value>| drop(events.send(event));
/// let listener = TcpListener::bind("127.0.0.1:0").await?;
/// let url = format!("http://{}/webhooks", listener.local_addr()?);
/// tokio::spawn(async { axum::serve(listener, Router::new().route("/webhooks", post(hear))).await });
///
/// let webhook = Some(WebhookEndpoint { url, secret: "whsec_of_this_test".to_owned() });
/// let workos = AuthDev::start(Config { webhook, ..Config::default() }).await?;
/// assert!(workos.delete_user(&User::from(Person::Member).id));
/// let event = received.recv().await.unwrap_or_default();
/// assert_eq!(event["event"], "user.deleted");
/// assert_eq!(event["data"]["email"], Person::Member.email());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookEndpoint {
    /// Where events are posted to.
    pub url: String,
    /// What they are signed with.
    pub secret: String,
}

/// Without the secret.
impl fmt::Debug for WebhookEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookEndpoint").field("url", &self.url).finish_non_exhaustive()
    }
}
