//! What is shown of a token.

use auth_dev::{Membership, Organization, TokenOptions, User};
use serde_json::json;

use super::{explained, unsigned};
use crate::run::server_with;

#[tokio::test]
async fn who_it_is_as_the_token_has_it() {
    let workos = server_with(|config| {
        config.roles.insert("editor".to_owned(), vec!["posts:write".to_owned()]);
        config.organizations = vec![Organization {
            id: "org_01ACME".to_owned(),
            name: "Acme".to_owned(),
            ..Organization::default()
        }];
        config.users = vec![User {
            first_name: Some("Ann\u{1b}[31m\u{202e}".to_owned()),
            memberships: vec![Membership::new("org_01ACME", ["editor"])],
            ..User::new("ann@acme.test")
        }];
    })
    .await;
    let impersonator = Some("help@acme.test".to_owned());
    let token = workos.token("ann", &TokenOptions { impersonator, ..TokenOptions::default() });
    let own = ["--client-id", workos.client_id(), "--api-url", workos.url()];
    let (_, text, json) = explained(&token.unwrap(), &own).await;
    for line in [
        "identity       user_01DEVANN",
        "email: ann@acme.test (verified)",
        "name: Ann\\u{1b}[31m\\u{202e} ",
        "session: session_",
        "organization: org_01ACME",
        "roles: editor",
        "permissions: posts:write",
        "impersonated by: help@acme.test",
    ] {
        assert!(text.contains(line), "no {line:?} in\n{text}");
    }
    let identity = &json["identity"];
    for (name, expected) in [
        ("subject", json!("user_01DEVANN")),
        ("email", json!("ann@acme.test")),
        ("email_verified", json!(true)),
        ("organization_id", json!("org_01ACME")),
        ("roles", json!(["editor"])),
        ("permissions", json!(["posts:write"])),
        ("impersonator", json!("help@acme.test")),
        ("session_id", json["claims"]["sid"].clone()),
    ] {
        assert_eq!(identity[name], expected, "{name}");
    }
    assert_eq!(identity["name"].as_str().unwrap().chars().nth(3), Some('\u{1b}'));
}

#[tokio::test]
async fn a_header_is_no_way_to_the_terminal_either() {
    let header = json!({ "alg": "RS256", "kid": "\u{1b}]0;x\u{7}\u{9b}2J", "typ": "JWT" });
    let token = unsigned(&header, &json!({ "iss": "\u{1b}[2J", "sub": "\r\u{1b}c" }));
    let (code, text, _) = explained(&token, &[]).await;
    assert_eq!(code, 1);
    assert!(text.contains("kid \\u{1b}]0;x\\u{7}\\u{9b}2J"), "{text}");
}
