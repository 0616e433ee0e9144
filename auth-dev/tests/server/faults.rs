//! What goes wrong on request, and what is counted.

use std::time::Duration;

use auth_dev::{AuthDev, Config, Fault};
use axum::http::StatusCode;
use serde_json::json;

use crate::client::{Answer, http, start};

pub(crate) const KEYS: &str = "/sso/jwks/client_01DEV";

pub(crate) async fn key_set(workos: &AuthDev) -> Result<Answer, reqwest::Error> {
    let request = http().get(format!("{}{KEYS}", workos.url())).timeout(Duration::from_secs(1));
    let response = request.send().await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Ok(Answer { status, headers, body: response.text().await? })
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
async fn a_path_that_is_not_there_is_counted_and_can_fail() {
    let workos = start(Config::default()).await;
    workos.fail(Fault { status: Some(StatusCode::BAD_GATEWAY), ..Fault::at("/nothing") });
    let ask = || Answer::to(http().get(format!("{}/nothing", workos.url())));
    assert_eq!([ask().await.status, ask().await.status], [502, 404]);
    assert_eq!(workos.requests("/nothing"), 2);
}
