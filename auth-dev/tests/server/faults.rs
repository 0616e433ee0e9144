//! What goes wrong on request, by function and over HTTP, and what is counted.

use std::time::Duration;

use auth_dev::{AuthDev, Config, Fault};
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::client::{Answer, http, start};

const KEYS: &str = "/sso/jwks/client_01DEV";

async fn key_set(workos: &AuthDev) -> Result<Answer, reqwest::Error> {
    let request = http().get(format!("{}{KEYS}", workos.url())).timeout(Duration::from_secs(1));
    let response = request.send().await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Ok(Answer { status, headers, body: response.text().await? })
}

async fn dev(workos: &AuthDev, method: &str, path: &str, body: Value) -> Answer {
    let url = format!("{}/_dev/{path}", workos.url());
    let request = http().request(method.parse().unwrap(), url);
    Answer::to(if body.is_null() { request } else { request.json(&body) }).await
}

#[tokio::test]
async fn a_status_strikes_as_often_as_asked_and_is_counted() {
    let workos = start(Config::default()).await;
    let unavailable = Some(StatusCode::SERVICE_UNAVAILABLE);
    workos.fail(Fault { status: unavailable, count: Some(2), ..Fault::at(KEYS) });
    workos.fail(Fault {
        status: Some(StatusCode::TOO_MANY_REQUESTS),
        body: Some(json!({ "message": "slow down" })),
        ..Fault::at("/sso/*")
    });
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(key_set(&workos).await.unwrap().status);
    }
    assert_eq!(statuses, [503, 503, 429, 200]);
    assert_eq!(workos.requests(KEYS), 4);
    assert_eq!(workos.requests("/sso/jwks/client_01OTHER"), 0);

    workos.fail(Fault { status: unavailable, count: None, ..Fault::at(KEYS) });
    for _ in 0..5 {
        assert_eq!(key_set(&workos).await.unwrap().status, 503);
    }
    workos.heal();
    assert_eq!(key_set(&workos).await.unwrap().status, 200);
    assert_eq!(workos.all_requests()[KEYS], 10);
}

#[tokio::test]
async fn a_server_hangs_or_breaks_off() {
    let workos = start(Config::default()).await;
    workos.fail(Fault { hang: true, ..Fault::at(KEYS) });
    assert!(key_set(&workos).await.unwrap_err().is_timeout());
    workos.fail(Fault { truncate: true, ..Fault::at(KEYS) });
    let broken_off = key_set(&workos).await.unwrap_err();
    assert!(broken_off.is_body() || broken_off.is_decode(), "{broken_off:?}");
    workos.fail(Fault { delay: Duration::from_secs(3600), ..Fault::at(KEYS) });
    assert!(key_set(&workos).await.unwrap_err().is_timeout());
    assert_eq!(key_set(&workos).await.unwrap().status, 200);
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
async fn a_path_that_is_not_there_is_counted_and_can_fail() {
    let workos = start(Config::default()).await;
    workos.fail(Fault { status: Some(StatusCode::BAD_GATEWAY), ..Fault::at("/nothing") });
    let ask = || Answer::to(http().get(format!("{}/nothing", workos.url())));
    assert_eq!([ask().await.status, ask().await.status], [502, 404]);
    assert_eq!(workos.requests("/nothing"), 2);
}

#[tokio::test]
async fn clock_and_keys_can_be_had_over_http() {
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
