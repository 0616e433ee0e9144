//! ADM: who is an administrator.

use auth_core::{Auth, ConfigError};
use serde_json::{Value, json};

use super::fixture::{ABSENT, Fixture, SSO, accepted, forbidden, unauthorized};
use super::suite::Suite;

#[tokio::test]
async fn administrators() {
    let fixture = Fixture::start().await;
    let mut suite = Suite::new();
    let email = |address: &str| json!({ "email": address });
    let verified =
        |value: Value| json!({ "email": "mallory@example.com", "email_verified": value });
    let cases = vec![
        ("ADM-01", verified(json!(false)), forbidden("email_unverified")),
        ("ADM-01", verified(json!(ABSENT)), forbidden("email_unverified")),
        ("ADM-01", verified(json!("true")), forbidden("email_unverified")),
        ("ADM-01", verified(json!(1)), forbidden("email_unverified")),
        ("ADM-01", verified(json!([true])), forbidden("email_unverified")),
        ("ADM-01", verified(json!(null)), forbidden("email_unverified")),
        ("ADM-02", email("mallory@evil-example.com"), forbidden("admin_required")),
        ("ADM-02", email("mallory@notexample.com"), forbidden("admin_required")),
        ("ADM-02", email("mallory@sub.example.com"), forbidden("admin_required")),
        ("ADM-02", email("mallory@example.com.evil.com"), forbidden("admin_required")),
        ("ADM-03", email("attacker@evil.com@example.com"), forbidden("admin_required")),
        ("ADM-03", email("\"a@evil.com\"@example.com"), forbidden("admin_required")),
        ("ADM-03", email("a@evil.com,b@example.com"), forbidden("admin_required")),
        ("ADM-03", email("a@evil.com b@example.com"), forbidden("admin_required")),
        ("ADM-03", email("a@evil.com\n@example.com"), forbidden("admin_required")),
        ("ADM-03", email("a@evil.com\u{0}@example.com"), forbidden("admin_required")),
        ("ADM-05", email("ADMIN@EXAMPLE.COM"), accepted()),
        ("ADM-05", email("admin@Example.com"), accepted()),
        ("ADM-10", json!({ "email": ["a@example.com"] }), unauthorized("claim_invalid")),
        ("ADM-10", json!({ "email": { "a": "b" } }), unauthorized("claim_invalid")),
        ("ADM-10", json!({ "email": 7 }), unauthorized("claim_invalid")),
        ("ADM-10", json!({ "email": null }), forbidden("email_missing")),
        ("ADM-10", json!({ "email": ABSENT }), forbidden("email_missing")),
        ("ADM-10", email(&format!("{}@example.com", "a".repeat(250))), forbidden("admin_required")),
        ("ADM-14", email("a@EXAMPL\u{c9}.COM"), forbidden("admin_required")),
        ("ADM-14", email("a@ex\u{131}mple.com"), forbidden("admin_required")),
        ("ADM-14", email("a@exampl\u{e9}.com"), forbidden("admin_required")),
        ("ADM-14", email("a@\u{212a}example.com"), forbidden("admin_required")),
    ];
    for (id, changes, expected) in cases {
        let came = fixture.get("/admin", &fixture.token(changes.clone())).await.outcome();
        suite.expect(id, changes, came, expected);
    }

    // The same address is not the same caller.
    let mut callers = Vec::new();
    for changes in [
        json!({}),
        json!({ "sub": "user_02" }),
        json!({ "iss": SSO, "aud": super::fixture::CLIENT_ID }),
    ] {
        callers.push(fixture.get("/who", &fixture.token(changes)).await.body);
    }
    callers.dedup();
    suite.expect("ADM-13", &callers, callers.len(), 3);

    for domain in ["", ".", "com", "@example.com", "*.example.com", "ex\u{e4}mple.com"] {
        let built = Auth::workos("client_01TEST").admin_domain(domain).build();
        let refused = matches!(built, Err(ConfigError::AdminDomain(_)));
        suite.expect("ADM-12", domain, refused, true);
    }
    suite.finish();
}

/// A Turkish dotless I in a domain with an I in it.
#[tokio::test]
async fn folding_is_ascii_only() {
    let fixture = Fixture::with(|builder| builder.admin_domain("mail.example.org")).await;
    let mut suite = Suite::new();
    for (address, expected) in [
        ("a@MAIL.example.org", accepted()),
        ("a@MA\u{130}L.example.org", forbidden("admin_required")),
        ("a@ma\u{131}l.example.org", forbidden("admin_required")),
    ] {
        let token = fixture.token(json!({ "email": address }));
        suite.expect("ADM-14", address, fixture.get("/admin", &token).await.outcome(), expected);
    }
    suite.finish();
}
