//! Codes and refresh tokens: what they are good for, how often and how long.

use std::time::Duration;

use auth_dev::{Config, User};
use serde_json::{Value, json};

use crate::client::{
    Answer, VERIFIER, authenticate, claims, code, code_grant, http, refresh_grant, seeded, sign_in,
    start,
};

const ADMIN: &str = "admin@example.com";

#[tokio::test]
async fn a_code_begins_a_session_once() {
    let workos = start(Config::default()).await;
    let code = code(&workos, ADMIN, &[]).await;
    let answer = authenticate(&workos, code_grant(&workos, &code)).await;
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let session = answer.json();
    assert_eq!(session["user"]["object"], "user");
    assert_eq!(session["user"]["email"], ADMIN);
    assert_eq!(session["user"]["email_verified"], true);
    assert_eq!(session["user"]["first_name"], "Admin");
    assert_eq!(session["authentication_method"], "Password");
    assert_eq!(session.get("organization_id"), None);
    assert_eq!(claims(&session["access_token"])["sub"], session["user"]["id"]);

    let again = authenticate(&workos, code_grant(&workos, &code)).await;
    assert_eq!(again.refusal(), (400, "invalid_grant".to_owned()));
}

#[tokio::test]
async fn json_and_a_form_say_the_same() {
    let workos = start(Config::default()).await;
    let code = code(&workos, ADMIN, &[]).await;
    let url = format!("{}/user_management/authenticate", workos.url());
    let grant = code_grant(&workos, &code);
    let pairs = grant.as_object().unwrap().iter();
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(pairs.map(|(name, value)| (name, value.as_str().unwrap())));
    let request = http()
        .post(url)
        .header("content-type", "Application/X-WWW-Form-URLencoded; charset=utf-8")
        .body(form.finish());
    assert_eq!(Answer::to(request).await.status, 200);
    let twice = http()
        .post(format!("{}/user_management/authenticate", workos.url()))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("grant_type=authorization_code&code=a&code=b");
    assert_eq!(Answer::to(twice).await.refusal(), (400, "invalid_request".to_owned()));
}

#[tokio::test]
async fn a_code_is_bound_to_its_client_its_challenge_and_ten_minutes() {
    let workos = start(Config::default()).await;
    let secret = workos.api_key();
    let cases: [(&str, Value, u64, u16, &str); 10] = [
        ("as it should be", json!({}), 0, 200, ""),
        ("a second before its end", json!({}), 599, 200, ""),
        ("at its end", json!({}), 600, 400, "invalid_grant"),
        ("with the API key, too", json!({ "client_secret": secret }), 0, 200, ""),
        ("another client", json!({ "client_id": "client_01OTHER" }), 0, 400, "invalid_client"),
        ("no client", json!({ "client_id": null }), 0, 400, "invalid_client"),
        ("another secret", json!({ "client_secret": "sk_test_x" }), 0, 400, "invalid_client"),
        ("another verifier", json!({ "code_verifier": "x".repeat(43) }), 0, 400, "invalid_grant"),
        ("no verifier", json!({ "code_verifier": null }), 0, 400, "invalid_grant"),
        (
            "the API key in place of the verifier",
            json!({ "code_verifier": null, "client_secret": secret }),
            0,
            400,
            "invalid_grant",
        ),
    ];
    for (case, changes, seconds, status, error) in cases {
        let code = code(&workos, ADMIN, &[]).await;
        workos.advance_clock(Duration::from_secs(seconds));
        let mut grant = code_grant(&workos, &code);
        grant.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let answer = authenticate(&workos, grant).await;
        assert_eq!(answer.status, status, "{case}: {}", answer.body);
        if status != 200 {
            assert_eq!(answer.refusal().1, error, "{case}");
        }
    }
}

#[tokio::test]
async fn without_a_challenge_only_the_api_key_redeems_a_code() {
    let workos = start(Config::default()).await;
    let changes = [("code_challenge", None), ("code_challenge_method", None)];
    let cases = [
        (json!({ "client_secret": workos.api_key() }), 200),
        (json!({}), 400),
        (json!({ "code_verifier": VERIFIER }), 400),
    ];
    for (proof, status) in cases {
        let code = code(&workos, ADMIN, &changes).await;
        let mut grant = code_grant(&workos, &code);
        grant["code_verifier"] = Value::Null;
        grant.as_object_mut().unwrap().extend(proof.as_object().unwrap().clone());
        let answer = authenticate(&workos, grant).await;
        assert_eq!(answer.status, status, "{proof}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_grant_that_is_none_is_told() {
    let workos = start(Config::default()).await;
    let url = format!("{}/user_management/authenticate", workos.url());
    let client_id = workos.client_id();
    for (body, error) in [
        ("".to_owned(), "invalid_request"),
        ("[]".to_owned(), "invalid_request"),
        ("{\"grant_type\": 1}".to_owned(), "invalid_request"),
        ("{}".to_owned(), "unsupported_grant_type"),
        (json!({ "grant_type": "password" }).to_string(), "unsupported_grant_type"),
        (
            json!({ "grant_type": "authorization_code", "client_id": client_id }).to_string(),
            "invalid_grant",
        ),
        (
            json!({ "grant_type": "refresh_token", "client_id": client_id }).to_string(),
            "invalid_request",
        ),
        (refresh_grant(&workos, &json!("invented")).to_string(), "invalid_grant"),
    ] {
        let request = http().post(&url).header("content-type", "application/json");
        let answer = Answer::to(request.body(body.clone())).await;
        assert_eq!(answer.refusal(), (400, error.to_owned()), "{body}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_not_repeated() {
    let workos = start(Config::default()).await;
    let cases = [
        ("authenticate", "\"SECRET\"", "(line 1, column 8)"),
        ("authenticate", "{\"code\": [\"SECRET\"]}", "no JSON object of texts"),
        ("authenticate", "{\"code\": \"SECRET\n", "(line 2, column 0)"),
        ("sessions/revoke", "{\"session_id\": {\"SECRET\": 1}}", "(line 1, column 15)"),
        ("sessions/revoke", "\"SECRET\"", "no JSON object of texts"),
    ];
    for (path, body, expected) in cases {
        let request = http()
            .post(format!("{}/user_management/{path}", workos.url()))
            .bearer_auth(workos.api_key())
            .header("content-type", "application/json");
        let answer = Answer::to(request.body(body)).await;
        assert_eq!(answer.refusal(), (400, "invalid_request".to_owned()), "{body}");
        assert!(answer.body.contains(expected), "{body}: {}", answer.body);
        assert!(!answer.body.contains("SECRET"), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_keeps_the_session() {
    let workos = start(Config::default()).await;
    let first = sign_in(&workos, ADMIN).await;
    let refresh = refresh_grant(&workos, &first["refresh_token"]);
    let second = authenticate(&workos, refresh.clone()).await.json();
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    let [before, after] = [&first, &second].map(|session| claims(&session["access_token"]));
    assert_eq!((&before["sid"], &before["auth_time"]), (&after["sid"], &after["auth_time"]));
    assert_ne!(before["jti"], after["jti"]);

    let used = authenticate(&workos, refresh).await;
    assert_eq!(used.refusal(), (400, "invalid_grant".to_owned()));
    assert_eq!(used.json()["error_description"], "Refresh token already exchanged.");
    let next = authenticate(&workos, refresh_grant(&workos, &second["refresh_token"])).await;
    assert_eq!(next.status, 200);
}

#[tokio::test]
async fn within_the_reuse_window_a_used_refresh_token_leads_to_the_same_next_one() {
    let config = Config { refresh_reuse_window: Duration::from_secs(3), ..Config::default() };
    let workos = start(config).await;
    let first = sign_in(&workos, ADMIN).await;
    let refresh = || authenticate(&workos, refresh_grant(&workos, &first["refresh_token"]));
    let second = refresh().await.json();
    workos.advance_clock(Duration::from_secs(2));
    assert_eq!(refresh().await.json()["refresh_token"], second["refresh_token"]);
    workos.advance_clock(Duration::from_secs(1));
    assert_eq!(refresh().await.status, 400);
    let next = authenticate(&workos, refresh_grant(&workos, &second["refresh_token"])).await;
    assert_eq!(next.status, 200);
}

#[tokio::test]
async fn what_stands_before_a_session_is_told_with_its_code() {
    let cases = [
        ("mfa_challenge", 403, "authentication_factors"),
        ("email_verification_required", 403, "email_verification_id"),
        ("organization_selection_required", 403, "organizations"),
        ("sso_required", 400, "connection_ids"),
    ];
    for (code_of_step, status, member) in cases {
        let workos =
            seeded(&format!("users = [{{ email = \"{ADMIN}\", step_up = \"{code_of_step}\" }}]"))
                .await;
        let code = code(&workos, ADMIN, &[]).await;
        let answer = authenticate(&workos, code_grant(&workos, &code)).await;
        assert_eq!(answer.refusal(), (status, code_of_step.to_owned()));
        assert!(!answer.json()[member].is_null(), "{}", answer.body);
        assert!(!answer.body.contains("access_token"));
    }
}

#[tokio::test]
async fn a_user_that_was_deleted_gets_no_token() {
    let user = User::new("ada@acme.test");
    let workos = start(Config { users: vec![user.clone()], ..Config::default() }).await;
    let session = sign_in(&workos, &user.email).await;
    let code = code(&workos, &user.email, &[]).await;
    assert!(workos.delete_user(&user.id));
    let redeemed = authenticate(&workos, code_grant(&workos, &code)).await;
    assert_eq!(redeemed.refusal(), (400, "invalid_grant".to_owned()));
    assert!(!workos.delete_user(&user.id));
    let refresh = authenticate(&workos, refresh_grant(&workos, &session["refresh_token"])).await;
    assert_eq!(refresh.refusal(), (400, "invalid_grant".to_owned()));
    assert!(workos.token(&user.id, &Default::default()).is_err());
}
