//! What the log says: enough for the operator, and nothing that is secret or personal.

use ::auth_dev::{AuthDev, Config, Issuer, Person, TokenOptions};
use auth_core::axum::{Router, post};
use auth_core::{Auth, require};
use serde_json::json;

use crate::client::send;
use crate::key_server::{Behaviour, KeyServer};
use crate::log::Log;
use crate::service::{auth, example, serve};
use crate::signer::Signer;

/// The runtime has one thread, so that one subscriber sees everything.
#[tokio::test]
async fn refusals_say_why_and_how_to_mend_it_and_no_secret() {
    let (log, _guard) = Log::capture();
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let url = serve(example(auth(&workos).build().unwrap())).await;
    let mut secrets = Vec::new();
    let default = TokenOptions::default;
    for (person, options) in [
        (Person::Admin, default()),
        (Person::Admin, TokenOptions { expired: true, ..default() }),
        (Person::Admin, TokenOptions { forged: true, ..default() }),
        (Person::Admin, TokenOptions { issuer: Issuer::Sso, ..default() }),
        (Person::Member, default()),
        (Person::Unverified, default()),
        (Person::Admin, TokenOptions { audience: Some("client_01OTHER".to_owned()), ..default() }),
        (
            Person::Admin,
            TokenOptions {
                issuer_name: Some("https://evil.test/\r\nforged: line".to_owned()),
                ..default()
            },
        ),
    ] {
        let token = workos.token(person, &options).unwrap();
        for path in ["/me", "/posts/7", "/isAdmin", "/loggedInUser"] {
            let method = if path == "/posts/7" { "DELETE" } else { "GET" };
            send(method, format!("{url}{path}"), Some(&token)).await;
        }
        secrets.extend(token.split('.').map(str::to_owned));
        secrets.push(person.email().to_owned());
    }

    let log = log.text();
    for said in [
        r#"code="audience_mismatch""#,
        "its `aud` is for somebody else than `client_01DEV`",
        r#"code="issuer_unknown""#,
        "configured are",
        r#"code="email_unverified""#,
        "{{user.email_verified}}",
        "request=DELETE /posts/{id}",
    ] {
        assert!(log.contains(said), "{said:?} in {log}");
    }
    for secret in secrets.iter().filter(|secret| !secret.starts_with("eyJ0eXAi")) {
        assert!(!log.contains(secret.as_str()), "{secret}");
    }
    assert!(!log.lines().any(|line| line.starts_with("forged")), "a line of somebody else's");
}

#[tokio::test]
async fn a_published_private_key_is_an_alarm() {
    let (log, _guard) = Log::capture();
    let (k1, mut leaked) = (Signer::new().jwk("k1"), Signer::new().jwk("leaked"));
    leaked["d"] = json!("c2VjcmV0LXBhcnQ");
    let key_server = KeyServer::start(Behaviour::key_set(&[k1, leaked])).await;
    let issuer = auth_core::issuer::Issuer::new("https://issuer.test/", &key_server.url, "api");
    Auth::builder().issuer(issuer).build().unwrap().ready().await.unwrap();

    let log = log.text();
    let alarm = log.lines().find(|line| line.contains("ERROR")).unwrap_or_else(|| panic!("{log}"));
    assert!(alarm.contains("withdraw it") && alarm.contains("position=1"), "{alarm}");
    assert!(alarm.contains("auth.keys.fetch{url="), "{alarm}");
    assert!(!log.contains("c2VjcmV0LXBhcnQ"), "{log}");
}

#[require(role("editor") || permission("posts:write"))]
async fn publish() {}

#[tokio::test]
async fn a_refusal_by_policy_says_what_is_missing_to_the_log_alone() {
    let (log, _guard) = Log::capture();
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let auth = auth(&workos).build().unwrap();
    let app = Router::new().route("/posts", post(publish)).with_state(auth).finish().unwrap();
    let token = workos.token(Person::Member, &TokenOptions::default()).unwrap();
    let answer = send("POST", format!("{}/posts", serve(app).await), Some(&token)).await;
    assert_eq!(answer.outcome(), (403, Some("forbidden".to_owned())));
    assert!(!answer.body.contains("editor"), "{}", answer.body);
    let said = log.text();
    for part in [
        "role(\"editor\") is missing; the caller has none",
        "permission(\"posts:write\") is missing",
        "POST /posts",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
}
