//! The command `auth-dev`, run as a user runs it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Output;

use auth_dev::{AuthDev, Config};
use jsonwebtoken::dangerous::insecure_decode_claims;
use serde_json::Value;
use tokio::process::Command;

async fn auth_dev(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_auth-dev")).args(arguments).output().await.unwrap()
}

#[tokio::test]
async fn token_prints_a_token_of_the_running_server() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let url = workos.url();
    let cases: [(&[&str], &str, &str); 4] = [
        (&["admin"], "iss", &format!("{url}/user_management/client_01DEV")),
        (&["member", "--issuer", "sso"], "iss", &format!("{url}/")),
        (&["member", "--issuer", "sso"], "aud", "client_01DEV"),
        (&["unverified", "--audience", "client_01OTHER"], "aud", "client_01OTHER"),
    ];
    for (arguments, claim, expected) in cases {
        let output = auth_dev(&[&["token", "--url", url], arguments].concat()).await;
        assert!(output.status.success(), "{arguments:?}");
        let token = String::from_utf8(output.stdout).unwrap();
        let claims: Value = insecure_decode_claims(token.trim()).unwrap();
        assert_eq!(claims[claim], expected, "{arguments:?}");
    }

    let output = auth_dev(&["token", "admin", "--expired", "--url", url]).await;
    let token = String::from_utf8(output.stdout).unwrap();
    let claims: Value = insecure_decode_claims(token.trim()).unwrap();
    assert!(claims["exp"].as_u64().unwrap() < jsonwebtoken::get_current_timestamp());
}

#[tokio::test]
async fn what_cannot_be_done_is_told_with_a_mend() {
    let cases: [(&[&str], &str, i32); 3] = [
        (&["token", "admin", "--url", "http://127.0.0.1:1"], "auth-dev serve", 3),
        (&["token", "admin", "--url", "no URL"], "--url", 2),
        (&["serve", "--port", "many"], "--port", 2),
    ];
    for (arguments, expected, code) in cases {
        let output = auth_dev(arguments).await;
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_told() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let port = workos.url().rsplit(':').next().unwrap();
    let output = auth_dev(&["serve", "--port", port]).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(said.contains("is another server running there?"), "{said}");
}
