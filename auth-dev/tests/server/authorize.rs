//! Authorization requests: who gets a code, and who learns what was wrong.

use auth_dev::Config;
use serde_json::json;

use crate::client::{Answer, CALLBACK, authorize_url, http, start};

#[tokio::test]
async fn a_hint_signs_in_and_state_comes_back_as_it_was() {
    let redirect_uri = "http://localhost:5173/callback?from=here";
    let config = Config { redirect_uris: vec![redirect_uri.to_owned()], ..Config::default() };
    let workos = start(config).await;
    let changes = [
        ("redirect_uri", Some(redirect_uri)),
        ("login_hint", Some("ADMIN@example.com")),
        ("state", Some("{\"a\": \"&?+ \u{e4}\"}")),
    ];
    let (target, query) = Answer::to(http().get(authorize_url(&workos, &changes))).await.location();
    assert_eq!(target, CALLBACK);
    assert_eq!(query["from"], "here");
    assert_eq!(query["state"], "{\"a\": \"&?+ \u{e4}\"}");
    assert_eq!(query["code"].as_str().unwrap().len(), 32);
}

#[tokio::test]
async fn a_browser_is_sent_to_configured_uris_only_letter_by_letter() {
    let workos = start(Config::default()).await;
    let uris = [
        "https://evil.test/",
        "http://localhost:5173/callback/",
        "http://localhost:5173/callback?x",
        "http://LOCALHOST:5173/callback",
        "http://localhost:5173/%63allback",
        "http://localhost:5173/callback/../callback",
        "http://localhost:5173",
        "javascript:alert(1)",
        "",
    ];
    for uri in uris {
        let changes = [("redirect_uri", Some(uri)), ("login_hint", Some("admin@example.com"))];
        let answer = Answer::to(http().get(authorize_url(&workos, &changes))).await;
        assert_eq!(answer.status, 400, "{uri}");
        assert!(answer.header("location").is_none());
        assert!(answer.body.contains("is not among the redirect URIs"), "{uri}: {}", answer.body);
        assert!(answer.body.contains("--redirect-uri"));
    }
    for changes in [
        [("redirect_uri", None)],
        [("client_id", None)],
        [("client_id", Some("client_01OTHER"))],
        [("client_id", Some("\"><script>alert(1)</script>"))],
    ] {
        let answer = Answer::to(http().get(authorize_url(&workos, &changes))).await;
        assert_eq!((answer.status, answer.header("location")), (400, None), "{changes:?}");
        assert!(!answer.body.contains("<script>"));
        let [(name, _)] = changes;
        assert!(answer.body.contains(name), "{}", answer.body);
    }
    let missing = authorize_url(&workos, &[("redirect_uri", None)]);
    let missing = Answer::to(http().get(missing)).await;
    assert!(missing.body.contains("`redirect_uri` is missing."), "{}", missing.body);
    assert!(!missing.body.contains("not among"), "{}", missing.body);
    let twice = authorize_url(&workos, &[]).to_string() + "&state=another";
    assert_eq!(Answer::to(http().get(twice)).await.status, 400);
}

#[tokio::test]
async fn the_client_is_told_of_the_rest() {
    let workos = start(Config::default()).await;
    let cases = [
        ("response_type", Some("token"), "response_type"),
        ("response_type", None, "response_type"),
        ("provider", None, "provider"),
        ("code_challenge_method", Some("plain"), "code_challenge_method"),
        ("code_challenge_method", None, "code_challenge_method"),
        ("code_challenge", Some("short"), "code_challenge"),
    ];
    for (name, value, named) in cases {
        let answer = Answer::to(http().get(authorize_url(&workos, &[(name, value)]))).await;
        let (target, query) = answer.location();
        assert_eq!(target, CALLBACK);
        assert_eq!(
            (&query["error"], &query["state"]),
            (&json!("invalid_request"), &json!("the state"))
        );
        let description = query["error_description"].as_str().unwrap();
        assert!(description.contains(named), "{name}: {description}");
        assert_eq!(query.get("code"), None);
    }
}

#[tokio::test]
async fn any_selector_will_do() {
    let workos = start(Config::default()).await;
    for selector in ["provider", "connection_id"] {
        let changes = [
            ("provider", None),
            (selector, Some("it")),
            ("login_hint", Some("member@example.org")),
        ];
        let answer = Answer::to(http().get(authorize_url(&workos, &changes))).await;
        assert!(answer.location().1["code"].is_string(), "{selector}");
    }
}
