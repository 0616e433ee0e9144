//! `/_dev/`: what tests in other languages have in place of functions.

use std::time::Duration;

use auth_dev::{AuthDev, Config};
use serde_json::{Value, json};

use crate::client::{Answer, http, sign_in, start};
use crate::faults::{KEYS, key_set};

async fn dev(workos: &AuthDev, method: &str, path: &str, body: Value) -> Answer {
    let url = format!("{}/_dev/{path}", workos.url());
    let request = http().request(method.parse().unwrap(), url);
    Answer::to(if body.is_null() { request } else { request.json(&body) }).await
}

#[tokio::test]
async fn faults_can_be_had_over_http() {
    let workos = start(Config::default()).await;
    let fault = json!({ "path": KEYS, "status": 500, "count": 2, "delay": "1ms" });
    assert_eq!(dev(&workos, "POST", "faults", fault.clone()).await.status, 204);
    assert_eq!(key_set(&workos).await.unwrap().status, 500);
    let listed = dev(&workos, "GET", "faults", Value::Null).await.json();
    assert_eq!((&listed[0]["count"], &listed[0]["status"]), (&json!(1), &json!(500)));
    assert_eq!(dev(&workos, "POST", "faults", listed[0].clone()).await.status, 204);
    assert_eq!(dev(&workos, "DELETE", "faults", Value::Null).await.status, 204);
    assert_eq!(key_set(&workos).await.unwrap().status, 200);
    assert_eq!(dev(&workos, "GET", "requests", Value::Null).await.json()[KEYS], 2);

    for wrong in [
        json!({ "status": 500 }),
        json!({ "path": KEYS, "status": 99 }),
        json!({ "path": KEYS, "delay": "soon" }),
        json!({ "path": KEYS, "explode": true }),
        json!({ "path": "sso/jwks", "status": 500 }),
        json!({ "path": KEYS, "count": 0, "status": 500 }),
        json!({ "path": KEYS, "body": {} }),
    ] {
        assert_eq!(dev(&workos, "POST", "faults", wrong.clone()).await.status, 422, "{wrong}");
    }
}

#[tokio::test]
async fn everybody_is_shown_as_the_api_shows_them() {
    let workos = start(Config::default()).await;
    let session = sign_in(&workos, "admin@example.com").await;
    assert!(session["user"]["last_sign_in_at"].is_string());
    let users = dev(&workos, "GET", "users", Value::Null).await.json();
    assert_eq!(users.as_array().unwrap().len(), 3);
    assert_eq!(users[0], session["user"]);
}

#[tokio::test]
async fn the_clock_can_be_had_over_http() {
    let workos = start(Config::default()).await;
    let set = json!({ "time": "2030-01-01T00:00:00Z" });
    let time = dev(&workos, "POST", "clock", set).await.json()["time"].clone();
    assert!(time.as_str().unwrap().starts_with("2030-01-01T00:0"), "{time}");
    dev(&workos, "POST", "clock", json!({ "advance": "10days" })).await;
    let time = dev(&workos, "GET", "clock", Value::Null).await.json()["time"].clone();
    assert!(time.as_str().unwrap().starts_with("2030-01-11T00:0"), "{time}");
    for wrong in
        [json!({ "advance": "much" }), json!({ "time": "noon" }), json!({ "to": 1 }), json!({})]
    {
        assert_eq!(dev(&workos, "POST", "clock", wrong.clone()).await.status, 422, "{wrong}");
    }

    let late = dev(&workos, "POST", "clock", json!({ "advance": "9000years" })).await;
    assert_eq!(late.status, 422);
    assert!(late.body.contains("after the year 9999"), "{}", late.body);
    workos.advance_clock(Duration::MAX);
    assert!(workos.token("admin", &Default::default()).is_ok());
    let time = dev(&workos, "GET", "clock", Value::Null).await.json()["time"].clone();
    assert_eq!(time, "9999-12-31T23:59:59.000Z");
}

#[tokio::test]
async fn keys_can_be_had_over_http() {
    let workos = start(Config::default()).await;
    let first = workos.signing_key();
    let kid = dev(&workos, "POST", "keys/rotate", Value::Null).await.json()["kid"].clone();
    assert_eq!(kid, workos.signing_key());
    assert_eq!(dev(&workos, "DELETE", &format!("keys/{first}"), Value::Null).await.status, 204);
    assert_eq!(dev(&workos, "DELETE", &format!("keys/{first}"), Value::Null).await.status, 404);
    assert_eq!(dev(&workos, "POST", "keys/odd", Value::Null).await.status, 204);
    let keys = |answer: Answer| answer.json()["keys"].as_array().unwrap().len();
    assert!(keys(key_set(&workos).await.unwrap()) > 1);
    assert_eq!(dev(&workos, "DELETE", "keys/odd", Value::Null).await.status, 204);
    assert_eq!(keys(key_set(&workos).await.unwrap()), 1);
}
