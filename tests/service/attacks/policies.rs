//! Policies: what a token must not be taken to say.

use std::time::Duration;

use serde_json::{Value, json};

use super::fixture::{ABSENT, Fixture, Outcome, accepted, forbidden, unauthorized};
use super::suite::Suite;
use crate::clock::NOW;

fn step_up() -> Outcome {
    let code = "insufficient_user_authentication".to_owned();
    (401, code.clone(), Some(code))
}

#[tokio::test]
async fn authority_claims() {
    let fixture = Fixture::start().await;
    let mut suite = Suite::new();
    let missing_scope = || forbidden("insufficient_scope");
    let cases: Vec<(&str, &str, Value, Outcome)> = vec![
        ("POL-01", "/scope", json!({ "scope": "read writeadmin" }), missing_scope()),
        ("POL-01", "/scope", json!({ "scope": "read admin2" }), missing_scope()),
        ("POL-01", "/scope", json!({ "scope": "read Admin" }), missing_scope()),
        ("POL-01", "/scope", json!({ "scope": "read admin" }), accepted()),
        ("POL-02", "/scope", json!({ "scope": ["admin"] }), unauthorized("claim_invalid")),
        ("POL-02", "/scope", json!({ "scope": { "admin": {} } }), unauthorized("claim_invalid")),
        ("POL-02", "/scope", json!({ "scope": "read\tadmin" }), unauthorized("claim_invalid")),
        ("POL-02", "/scope", json!({ "scope": "" }), missing_scope()),
        ("POL-02", "/scope", json!({ "scope": ABSENT }), missing_scope()),
        ("POL-02", "/scope", json!({ "scope": "*" }), missing_scope()),
        ("POL-03", "/not-banned", json!({ "roles": "banned" }), unauthorized("claim_invalid")),
        ("POL-03", "/not-banned", json!({ "roles": 7 }), unauthorized("claim_invalid")),
        (
            "POL-03",
            "/not-banned",
            json!({ "roles": { "banned": true } }),
            unauthorized("claim_invalid"),
        ),
        ("POL-03", "/not-banned", json!({ "role": ["banned"] }), unauthorized("claim_invalid")),
        ("POL-03", "/not-banned", json!({ "roles": ["a", 7] }), unauthorized("claim_invalid")),
        ("POL-03", "/not-banned", json!({ "roles": ["banned"] }), forbidden("forbidden")),
        ("POL-03", "/not-banned", json!({ "role": "banned" }), forbidden("forbidden")),
        ("POL-03", "/not-banned", json!({}), accepted()),
        ("POL-03", "/role", json!({ "roles": ["Admin"] }), forbidden("forbidden")),
        ("POL-03", "/role", json!({ "roles": ["admin "] }), forbidden("forbidden")),
        ("POL-03", "/role", json!({ "roles": ["administrator"] }), forbidden("forbidden")),
        ("POL-03", "/role", json!({ "roles": ["admin"] }), accepted()),
        ("POL-03", "/role", json!({ "role": "admin" }), accepted()),
    ];
    for (id, path, changes, expected) in cases {
        let came = fixture.get(path, &fixture.token(changes.clone())).await.outcome();
        suite.expect(id, (path, changes), came, expected);
    }

    let challenge = fixture.get("/scope", &fixture.token(json!({}))).await;
    let challenge = challenge.header("www-authenticate").map(str::to_owned);
    let expected = r#"Bearer realm="api", error="insufficient_scope", scope="admin""#.to_owned();
    suite.expect("HTTP-15", "the scope is named", challenge, Some(expected));

    let none: &[(&str, &str)] = &[];
    for path in ["/not-banned", "/role", "/scope", "/fresh"] {
        let came = fixture.send("GET", path, none).await.outcome();
        let expected = (401, "no_credentials".to_owned(), None);
        suite.expect("POL-06", (path, "anonymous"), came, expected);
    }
    suite.finish();
}

#[tokio::test]
async fn step_ups() {
    let fixture = Fixture::start().await;
    let mut suite = Suite::new();
    for (auth_time, expected) in [
        (json!(NOW), accepted()),
        (json!(NOW - 300), accepted()),
        (json!(NOW - 301), step_up()),
        (json!(NOW + 1), step_up()),
        (json!(0), step_up()),
        (json!(ABSENT), step_up()),
        (Value::Null, step_up()),
        (json!("now"), unauthorized("claim_invalid")),
    ] {
        let token = fixture.token(json!({ "auth_time": auth_time }));
        let answer = fixture.get("/fresh", &token).await;
        suite.expect("HTTP-15", ("step-up", &auth_time), answer.outcome(), expected.clone());
        if expected == step_up() {
            let challenge = answer.header("www-authenticate").map(str::to_owned);
            let with_age =
                r#"Bearer realm="api", error="insufficient_user_authentication", max_age="300""#;
            suite.expect("HTTP-15", "max_age", challenge, Some(with_age.to_owned()));
        }
    }
    suite.finish();
}

/// A stream ends with the token that has let it begin, and not sooner.
#[tokio::test]
async fn streams_end_with_their_token() {
    let fixture = Fixture::start().await;
    let mut suite = Suite::new();
    let long = tokio::spawn(fixture.open_stream(&fixture.token(json!({ "exp": NOW + 300 }))));
    let short = fixture.open_stream(&fixture.token(json!({ "exp": NOW + 1 }))).await;
    suite.expect(
        "POL-07",
        "the stream begins and ends",
        short.iter().all(|body| body.contains("open")),
        true,
    );
    suite.expect("POL-07", "the other goes on", long.is_finished(), false);
    long.abort();
    suite.finish();
}

#[tokio::test]
async fn a_role_lives_as_long_as_its_token() {
    let mut suite = Suite::new();
    let fixture = Fixture::start().await;
    let token = fixture.token(json!({ "roles": ["admin"] }));
    suite.expect("POL-08", "until exp", fixture.get("/role", &token).await.outcome(), accepted());
    fixture.clock.advance(300);
    let came = fixture.get("/role", &token).await.outcome();
    suite.expect("POL-08", "at exp", came, unauthorized("token_expired"));

    let bounded = Fixture::with(|auth| auth.max_token_lifetime(Duration::from_secs(300))).await;
    for (lifetime, expected) in [(300, accepted()), (301, unauthorized("claim_invalid"))] {
        let token = bounded.token(json!({ "roles": ["admin"], "exp": NOW + lifetime }));
        let came = bounded.get("/role", &token).await.outcome();
        suite.expect("POL-08", ("a bounded lifetime", lifetime), came, expected);
    }
    suite.finish();
}
