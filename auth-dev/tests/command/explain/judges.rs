//! Who judges: a service as it is configured, or as it would be.

use std::process::Stdio;

use auth_dev::{Issuer, TokenOptions};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use super::{Case, explained};
use crate::run::{auth_dev, command, server, stderr, stdout};

#[tokio::test]
async fn with_nothing_configured_it_is_the_local_server() {
    let (_, text, json) = explained("hello", &[]).await;
    assert!(text.starts_with("Judged as by a service beside `auth-dev serve`"), "{text}");
    assert!(text.contains("nothing is configured"), "{text}");
    let judged_by = json!({
        "client_id": "client_01DEV",
        "api_url": "http://localhost:4100",
        "admin_domain": null,
        "by_default": true,
    });
    assert_eq!(json["judged_by"], judged_by);

    let output = command(&["explain", "hello", "--json"])
        .env("WORKOS_CLIENT_ID", "client_01ENV")
        .env("ADMIN_DOMAIN", "example.com")
        .output();
    let json: Value = serde_json::from_slice(&output.await.unwrap().stdout).unwrap();
    let judged_by = json!({
        "client_id": "client_01ENV",
        "api_url": "https://api.workos.com",
        "admin_domain": "example.com",
        "by_default": false,
    });
    assert_eq!(json["judged_by"], judged_by);
}

#[tokio::test]
async fn a_key_set_may_be_a_file_and_a_token_come_from_standard_input() {
    let workos = server().await;
    let token = workos.token("admin", &TokenOptions::default()).unwrap();
    let issuer = format!("{}/user_management/client_01DEV", workos.url());
    let url = format!("{}/sso/jwks/client_01DEV", workos.url());
    let file = format!("{}/explain-keys.json", env!("CARGO_TARGET_TMPDIR"));
    let keys = reqwest::get(url).await.unwrap().bytes().await.unwrap();
    std::fs::write(&file, keys).unwrap();
    drop(workos);

    for (given, said) in [("Bearer ", "accepted"), ("Authorization: bearer ", "accepted")] {
        let arguments = ["explain", "-", "--jwks", &file, "--issuer", &issuer];
        let mut command = command(&arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let line = format!("{given}{token}\n");
        child.stdin.take().unwrap().write_all(line.as_bytes()).await.unwrap();
        let output = child.wait_with_output().await.unwrap();
        assert_eq!(stdout(&output).lines().last(), Some(said), "{given}");
    }

    std::fs::write(&file, r#"{"keys": []}"#).unwrap();
    let output = auth_dev(&["explain", &token, "--jwks", &file, "--issuer", &issuer]).await;
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("the key set has no usable key"), "{}", stderr(&output));
}

#[tokio::test]
async fn a_key_set_and_names_may_judge_in_place_of_a_client() {
    let workos = server().await;
    let url = workos.url();
    let token = |options: &TokenOptions| workos.token("admin", options).unwrap();
    let plain = || token(&TokenOptions::default());
    let of_sso = TokenOptions { issuer: Issuer::Sso, ..TokenOptions::default() };
    let named = |name: &str| {
        token(&TokenOptions { issuer_name: Some(name.to_owned()), ..TokenOptions::default() })
    };
    let user_management = format!("{url}/user_management/client_01DEV");
    let key_set = format!("{url}/sso/jwks/client_01DEV");
    let cases = [
        Case {
            name: "by a key set, which lacks the slash that the token has",
            token: token(&of_sso),
            arguments: &["--jwks", &key_set, "--issuer", url],
            code: 1,
            verdict: "refused: issuer_unknown",
            step: ("issuer", "REFUSED"),
            words: &["it has one slash too many at its end", "give --issuer"],
        },
        Case {
            name: "by a key set, with the slash that the token lacks",
            token: named(url),
            arguments: &["--jwks", &key_set, "--issuer", &format!("{url}/")],
            code: 1,
            verdict: "refused: issuer_unknown",
            step: ("issuer", "REFUSED"),
            words: &["it lacks the slash at its end"],
        },
        Case {
            name: "by a key set, whoever it is for",
            token: plain(),
            arguments: &["--jwks", &key_set, "--issuer", "x", "--issuer", &user_management],
            code: 0,
            verdict: "accepted",
            step: ("audience", "not asked"),
            words: &["give --audience"],
        },
        Case {
            name: "by a key set, for somebody",
            token: plain(),
            arguments: &["--jwks", &key_set, "--issuer", &user_management, "--audience", "me"],
            code: 1,
            verdict: "refused: audience_mismatch",
            step: ("audience", "REFUSED"),
            words: &["add `\"aud\": \"me\"` to the JWT template"],
        },
    ];
    for case in cases {
        case.check(&workos).await;
    }
}
