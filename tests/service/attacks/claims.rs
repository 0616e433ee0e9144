//! CLM: the claims.

use serde_json::{Value, json};

use super::fixture::{
    ABSENT, CLIENT_ID, Fixture, HEADER, SSO, USER_MANAGEMENT, accepted, claims, claims_with,
    unauthorized,
};
use super::suite::Suite;
use crate::clock::NOW;

#[tokio::test]
async fn claims_of_the_wrong_value() {
    let fixture = Fixture::start().await;
    let mut suite = Suite::new();
    let long_subject = "s".repeat(300);
    let cases: Vec<(&str, Value, &str)> = vec![
        ("CLM-01", json!({ "exp": NOW }), "token_expired"),
        ("CLM-01", json!({ "exp": NOW - 1 }), "token_expired"),
        ("CLM-02", json!({ "exp": ABSENT }), "claim_invalid"),
        ("CLM-02", json!({ "exp": null }), "claim_invalid"),
        ("CLM-03", json!({ "exp": "9999999999" }), "claim_invalid"),
        ("CLM-03", json!({ "exp": true }), "claim_invalid"),
        ("CLM-03", json!({ "exp": [] }), "claim_invalid"),
        ("CLM-03", json!({ "exp": {} }), "claim_invalid"),
        ("CLM-04", json!({ "exp": -1 }), "claim_invalid"),
        ("CLM-04", json!({ "exp": 1e300 }), "claim_invalid"),
        ("CLM-06", json!({ "nbf": NOW + 1 }), "token_not_yet_valid"),
        ("CLM-06", json!({ "nbf": "0" }), "claim_invalid"),
        ("CLM-06", json!({ "nbf": -1 }), "claim_invalid"),
        ("CLM-06", json!({ "nbf": 1e20 }), "claim_invalid"),
        ("CLM-07", json!({ "iat": NOW + 3600 }), "claim_invalid"),
        ("CLM-07", json!({ "iat": NOW + 1 }), "claim_invalid"),
        ("CLM-09", json!({ "iss": ABSENT }), "claim_invalid"),
        ("CLM-09", json!({ "iss": null }), "claim_invalid"),
        ("CLM-09", json!({ "iss": 1 }), "claim_invalid"),
        ("CLM-09", json!({ "iss": [SSO] }), "claim_invalid"),
        ("CLM-09", json!({ "iss": ["https://evil.com/", USER_MANAGEMENT] }), "claim_invalid"),
        ("CLM-10", json!({ "iss": "https://api.workos.com", "aud": CLIENT_ID }), "issuer_unknown"),
        ("CLM-10", json!({ "iss": "https://API.workos.com/", "aud": CLIENT_ID }), "issuer_unknown"),
        (
            "CLM-10",
            json!({ "iss": "https://api.workos.com//", "aud": CLIENT_ID }),
            "issuer_unknown",
        ),
        (
            "CLM-10",
            json!({ "iss": "https://api.workos.com/?x", "aud": CLIENT_ID }),
            "issuer_unknown",
        ),
        ("CLM-10", json!({ "iss": "http://api.workos.com/", "aud": CLIENT_ID }), "issuer_unknown"),
        (
            "CLM-10",
            json!({ "iss": "https://api.workos.com:443/", "aud": CLIENT_ID }),
            "issuer_unknown",
        ),
        ("CLM-10", json!({ "iss": format!("{USER_MANAGEMENT}/") }), "issuer_unknown"),
        ("CLM-10", json!({ "iss": format!("{USER_MANAGEMENT}\u{0}") }), "issuer_unknown"),
        ("CLM-12", json!({ "iss": SSO }), "audience_mismatch"),
        ("CLM-12", json!({ "iss": SSO, "aud": "" }), "audience_mismatch"),
        ("CLM-12", json!({ "iss": SSO, "aud": [] }), "audience_mismatch"),
        ("CLM-12", json!({ "iss": SSO, "aud": null }), "audience_mismatch"),
        ("CLM-12", json!({ "iss": SSO, "client_id": "client_01OTHER" }), "audience_mismatch"),
        ("CLM-13", json!({ "iss": SSO, "aud": "client_01OTHER" }), "audience_mismatch"),
        ("CLM-13", json!({ "iss": SSO, "aud": ["client_01OTHER"] }), "audience_mismatch"),
        ("CLM-13", json!({ "iss": SSO, "aud": "client_01TEST " }), "audience_mismatch"),
        (
            "CLM-13",
            json!({ "iss": SSO, "aud": "client_01OTHER", "client_id": CLIENT_ID }),
            "audience_mismatch",
        ),
        ("CLM-14", json!({ "iss": SSO, "aud": { "client_01TEST": 1 } }), "audience_mismatch"),
        ("CLM-14", json!({ "iss": SSO, "aud": [CLIENT_ID, 7] }), "audience_mismatch"),
        ("CLM-14", json!({ "aud": 7 }), "audience_mismatch"),
        ("CLM-14", json!({ "aud": null }), "audience_mismatch"),
        ("CLM-15", json!({ "aud": "client_01OTHER" }), "audience_mismatch"),
        ("CLM-15", json!({ "aud": [] }), "audience_mismatch"),
        ("CLM-16", json!({ "iss": SSO, "sub": "user_01" }), "audience_mismatch"),
        ("CLM-20", json!({ "sub": ABSENT }), "claim_invalid"),
        ("CLM-20", json!({ "sub": "" }), "claim_invalid"),
        ("CLM-20", json!({ "sub": 7 }), "claim_invalid"),
        ("CLM-20", json!({ "sub": long_subject }), "claim_invalid"),
        ("CLM-20", json!({ "sub": "user\u{0}01" }), "claim_invalid"),
        (
            "CLM-22",
            json!({
                "iss": "https://rfc9068.test", "aud": CLIENT_ID, "nonce": "n", "at_hash": "h",
            }),
            "typ_mismatch",
        ),
        ("CLM-22", json!({ "nonce": "n", "at_hash": "h" }), "claim_invalid"),
        (
            "CLM-23",
            json!({ "events": { "http://schemas.openid.net/event/backchannel-logout": {} } }),
            "claim_invalid",
        ),
        ("CLM-24", json!({ "cnf": { "jkt": "x" } }), "binding_required"),
        ("CLM-24", json!({ "cnf": { "x5t#S256": "x" } }), "binding_required"),
        ("CLM-24", json!({ "cnf": null }), "binding_required"),
    ];
    for (id, changes, code) in cases {
        let came = fixture.me(&fixture.token(changes.clone())).await.outcome();
        suite.expect(id, changes, came, unauthorized(code));
    }

    // What `serde_json` would not write.
    let nested = format!("\"a\":{}{}", "[".repeat(200), "]".repeat(200));
    let good = claims(json!({}));
    let member = |text: &str| claims_with(text).into_bytes();
    let without_exp = claims(json!({ "exp": ABSENT }));
    let exp = |text: &str| format!("{{\"exp\":{text},{}", &without_exp[1..]).into_bytes();
    let texts: Vec<(&str, Vec<u8>, &str)> = vec![
        ("CLM-04", exp("1e400"), "claim_invalid"),
        ("CLM-04", exp("18446744073709551616"), "claim_invalid"),
        ("CLM-04", exp("NaN"), "token_malformed"),
        ("CLM-04", exp("Infinity"), "token_malformed"),
        ("CLM-17", member(r#""iss":"https://evil.com/""#), "token_malformed"),
        ("CLM-17", member(r#""sub":"user_02""#), "token_malformed"),
        ("CLM-17", member(r#""email":"mallory@evil.com""#), "token_malformed"),
        ("CLM-17", member(r#""exp":1"#), "token_malformed"),
        ("CLM-18", member(r#""e\u006dail":"mallory@evil.com""#), "token_malformed"),
        ("CLM-19", member(r#""custom":{"role":"member","role":"admin"}"#), "token_malformed"),
        ("CLM-21", b"[]".to_vec(), "token_malformed"),
        ("CLM-21", b"\"x\"".to_vec(), "token_malformed"),
        ("CLM-21", b"1".to_vec(), "token_malformed"),
        ("CLM-21", Vec::new(), "token_malformed"),
        ("CLM-21", member(&nested), "token_malformed"),
        ("CLM-21", format!("{good}x").into_bytes(), "token_malformed"),
        ("CLM-21", format!("{good}{good}").into_bytes(), "token_malformed"),
        ("CLM-21", format!("\u{feff}{good}").into_bytes(), "token_malformed"),
    ];
    for (id, payload, code) in texts {
        let came = fixture.me(&fixture.k1.token(HEADER, &payload)).await.outcome();
        suite.expect(id, String::from_utf8_lossy(&payload), came, unauthorized(code));
    }
    suite.finish();
}

/// The same rules let the right ones in.
#[tokio::test]
async fn claims_of_the_right_value() {
    let fixture = Fixture::start().await;
    let mut suite = Suite::new();
    for (id, changes) in [
        ("CLM-01", json!({ "exp": NOW + 1 })),
        ("CLM-04", json!({ "exp": NOW as f64 + 0.5 })),
        ("CLM-06", json!({ "nbf": NOW })),
        ("CLM-07", json!({ "iat": NOW })),
        ("CLM-12", json!({ "iss": SSO, "aud": CLIENT_ID })),
        ("CLM-12", json!({ "iss": SSO, "client_id": CLIENT_ID })),
        ("CLM-13", json!({ "iss": SSO, "aud": ["client_01OTHER", CLIENT_ID] })),
        ("CLM-15", json!({ "aud": CLIENT_ID })),
        ("CLM-20", json!({ "sub": "s".repeat(255) })),
    ] {
        let came = fixture.me(&fixture.token(changes.clone())).await.outcome();
        suite.expect(id, changes, came, accepted());
    }
    suite.finish();
}
