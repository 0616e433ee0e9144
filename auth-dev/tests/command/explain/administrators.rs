//! Whether a token makes an administrator.

use auth_dev::TokenOptions;

use super::Case;
use crate::run::{RECIPE, server, server_with};

#[tokio::test]
async fn a_template_without_what_the_admin_rule_needs() {
    for (template, verdict, words) in [
        (
            RECIPE,
            "accepted, but as no administrator: email_unverified",
            &[
                "add `\"email_verified\": {{user.email_verified}}` to the JWT template",
                "makes administrators of nobody",
            ][..],
        ),
        (
            r#"{"email": "{{user.email}}", "email_verified": "{{user.email_verified}}"}"#,
            "accepted, but as no administrator: email_unverified",
            &["`email_verified` is \"true\"", "without quotes"],
        ),
        (
            r#"{"name": "{{user.first_name}}"}"#,
            "accepted, but as no administrator: email_missing",
            &[
                "add `\"email\": \"{{user.email}}\"` and `\"email_verified\": {{user.email_verified}}`",
            ],
        ),
    ] {
        let workos = server_with(|config| config.jwt_template = template.to_owned()).await;
        Case {
            name: template,
            token: workos.token("admin", &TokenOptions::default()).unwrap(),
            arguments: &["--admin-domain", "example.com"],
            code: 0,
            verdict,
            step: ("administrator", "no"),
            words,
        }
        .check(&workos)
        .await;
    }
}

#[tokio::test]
async fn an_address_elsewhere_or_that_nobody_has_verified() {
    let workos = server().await;
    let token = |user| workos.token(user, &TokenOptions::default()).unwrap();
    let cases = [
        Case {
            name: "an administrator elsewhere",
            token: token("admin"),
            arguments: &["--admin-domain", "sub.example.com"],
            code: 0,
            verdict: "accepted, but as no administrator: admin_required",
            step: ("administrator", "no"),
            words: &["admin@example.com is not in sub.example.com"],
        },
        Case {
            name: "an address that nobody has verified",
            token: token("unverified"),
            arguments: &["--admin-domain", "example.com"],
            code: 0,
            verdict: "accepted, but as no administrator: email_unverified",
            step: ("administrator", "no"),
            words: &["it is not verified", "verify it at the next sign-in"],
        },
    ];
    for case in cases {
        case.check(&workos).await;
    }
}
