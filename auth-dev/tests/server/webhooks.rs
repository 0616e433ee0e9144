//! Events that are sent, and how they are signed.

use auth_dev::{AuthDev, Config, WebhookEndpoint};
use aws_lc_rs::hmac;
use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::client::{Answer, claims, http, sign_in, start};

const SECRET: &str = "whsec_of_this_test";

type Received = UnboundedReceiver<(HeaderMap, Bytes)>;

/// A server with a webhook, and what arrives there.
async fn with_webhook() -> (AuthDev, Received) {
    let (sender, received) = unbounded_channel();
    let receiver = Router::new().route(
        "/webhooks",
        post(|headers: HeaderMap, body: Bytes| async move {
            sender.send((headers, body)).unwrap();
        }),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/webhooks", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, receiver).await });
    let webhook = Some(WebhookEndpoint { url, secret: SECRET.to_owned() });
    (start(Config { webhook, ..Config::default() }).await, received)
}

async fn event(received: &mut Received) -> Value {
    let (headers, body) = received.recv().await.unwrap();
    assert_eq!(headers["content-type"], "application/json");
    let signature = headers["workos-signature"].to_str().unwrap();
    let (time, tag) = signature.strip_prefix("t=").unwrap().split_once(", v1=").unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let signed = [time.as_bytes(), b".", &body].concat();
    let expected = hmac::sign(&key, &signed);
    let expected: String = expected.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(tag, expected);
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn the_end_of_a_session_is_told() {
    let (workos, mut received) = with_webhook().await;
    let sign_out = format!("{}/user_management/sessions/logout", workos.url());
    for by_function in [true, false] {
        let session = sign_in(&workos, "admin@example.com").await;
        let sid = claims(&session["access_token"])["sid"].as_str().unwrap().to_owned();
        if by_function {
            assert!(workos.revoke_session(&sid));
        } else {
            Answer::to(http().get(format!("{sign_out}?session_id={sid}"))).await;
        }
        let event = event(&mut received).await;
        assert_eq!(
            (&event["object"], &event["event"]),
            (&json!("event"), &json!("session.revoked"))
        );
        assert_eq!(event["data"]["id"], sid.as_str());
        assert_eq!(event["data"]["user_id"], "user_01DEVADMIN");
        assert_eq!(event["data"]["status"], "revoked");
        assert!(!workos.revoke_session(&sid), "it has ended");
    }
}

#[tokio::test]
async fn a_deleted_user_is_told_after_the_end_of_the_sessions() {
    let (workos, mut received) = with_webhook().await;
    sign_in(&workos, "member@example.org").await;
    assert!(workos.delete_user("user_01DEVMEMBER"));
    let mut events = [event(&mut received).await, event(&mut received).await];
    events.sort_by_key(|event| event["event"].to_string());
    let [ended, deleted] = events;
    assert_eq!(ended["event"], "session.revoked");
    assert_eq!(deleted["event"], "user.deleted");
    assert_eq!(deleted["data"]["email"], "member@example.org");
}
