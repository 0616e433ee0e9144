//! JWK: keys and key sets. What a key server does at its worst is in `key_set_faults`.

use auth_core::issuer::Issuer;
use auth_core::{Auth, ConfigError};
use serde_json::{Value, json};

use super::fixture::{Fixture, Outcome, accepted, claims, unauthorized};
use super::suite::Suite;
use crate::key_server::{Behaviour, KeyServer};
use crate::signer::{Signer, encode};

/// A service whose key set is this.
async fn with_keys(keys: impl FnOnce(&Signer) -> Vec<Value>) -> Fixture {
    let k1 = Signer::new();
    let behaviour = Behaviour::key_set(&keys(&k1));
    let key_server = KeyServer::start(behaviour).await;
    Fixture::around(k1, key_server, |builder| builder).await
}

fn changed(mut jwk: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            jwk.as_object_mut().unwrap().remove(name);
        } else {
            jwk[name] = value.clone();
        }
    }
    jwk
}

#[tokio::test]
async fn keys_that_are_left_out() {
    let mut suite = Suite::new();
    let k1024 = encode([0xff; 128]);
    let k2047 = encode([vec![0x7f], vec![0xff; 255]].concat());
    let padded = encode([vec![0, 0x7f], vec![0xff; 255]].concat());
    let off_curve = encode([1; 32]);
    let cases = vec![
        ("JWK-01", json!({ "use": "enc" })),
        ("JWK-01", json!({ "use": null, "key_ops": ["encrypt"] })),
        ("JWK-02", json!({ "alg": "RS512" })),
        ("JWK-02", json!({ "alg": "RSA-OAEP" })),
        ("JWK-04", json!({ "n": k1024 })),
        ("JWK-04", json!({ "n": k2047 })),
        ("JWK-04", json!({ "n": padded })),
        ("JWK-05", json!({ "e": "AQ" })),
        ("JWK-05", json!({ "e": "AQAA" })),
        ("JWK-05", json!({ "e": null })),
        ("JWK-05", json!({ "n": null })),
        ("JWK-05", json!({ "n": "not base64url!" })),
        ("JWK-05", json!({ "n": "AA" })),
        (
            "JWK-07",
            json!({ "kty": "EC", "crv": "P-384", "x": off_curve, "y": off_curve, "alg": "ES256" }),
        ),
        (
            "JWK-07",
            json!({ "kty": "EC", "crv": "P-256", "x": off_curve, "y": off_curve, "alg": "ES256" }),
        ),
        ("JWK-07", json!({ "kty": "EC", "crv": "P-256", "x": encode([1; 31]), "y": off_curve })),
        ("JWK-10", json!({ "d": "AQAB" })),
        ("JWK-11", json!({ "kty": "AKP" })),
        ("JWK-11", json!({ "kty": "EC", "crv": "secp256k1", "x": off_curve, "y": off_curve })),
        ("JWK-11", json!({ "use": 7 })),
    ];
    for (id, changes) in cases {
        let other = Signer::new();
        let fixture =
            with_keys(|k1| vec![changed(k1.jwk("odd"), changes.clone()), other.jwk("k1")]).await;
        let odd = fixture.k1.token(r#"{"alg":"RS256","kid":"odd"}"#, claims(json!({})));
        suite.expect(id, &changes, fixture.me(&odd).await.outcome(), unauthorized("key_not_found"));
        let good = other.token(r#"{"alg":"RS256","kid":"k1"}"#, claims(json!({})));
        suite.expect(
            id,
            ("the other key", &changes),
            fixture.me(&good).await.outcome(),
            accepted(),
        );
    }

    let fixture = with_keys(|k1| vec![json!("a string"), json!(null), k1.jwk("k1")]).await;
    let came = fixture.me(&fixture.token(json!({}))).await.outcome();
    suite.expect("JWK-11", "a string among keys", came, accepted());

    let fixture =
        with_keys(|k1| vec![k1.jwk("twice"), Signer::new().jwk("twice"), k1.jwk("k1")]).await;
    let twice = fixture.k1.token(r#"{"alg":"RS256","kid":"twice"}"#, claims(json!({})));
    let came = fixture.me(&twice).await.outcome();
    suite.expect("JWK-08", "one name, two keys", came, unauthorized("key_ambiguous"));
    let came = fixture.me(&fixture.token(json!({}))).await.outcome();
    suite.expect("JWK-08", "another name", came, accepted());

    let fixture =
        with_keys(|k1| vec![json!({ "kty": "oct", "kid": "k1", "k": "c2VjcmV0" }), k1.jwk("k1")])
            .await;
    let hs256 = fixture.k1.token(r#"{"alg":"HS256","kid":"k1"}"#, claims(json!({})));
    let came = fixture.me(&hs256).await.outcome();
    suite.expect("JWK-09", "HS256 by an oct key", came, unauthorized("alg_not_allowed"));
    let came = fixture.me(&fixture.token(json!({}))).await.outcome();
    suite.expect("JWK-09", "RS256 by the other", came, accepted());

    // A key without `alg` has the algorithm of its type, not that of the header.
    let fixture = with_keys(|k1| vec![changed(k1.jwk("k1"), json!({ "alg": null }))]).await;
    let es256 = fixture.k1.token(r#"{"alg":"ES256","kid":"k1"}"#, claims(json!({})));
    let came = fixture.me(&es256).await.outcome();
    suite.expect("JWK-03", "ES256 by an RSA key", came, unauthorized("alg_not_allowed"));
    suite.finish();
}

#[tokio::test]
async fn bodies_that_are_no_key_set() {
    let mut suite = Suite::new();
    let k1 = Signer::new();
    let good = json!({ "keys": [k1.jwk("k1")] }).to_string();
    let many: Vec<Value> =
        (0..10_000).map(|n| json!({ "kty": "RSA", "kid": n.to_string() })).collect();
    let key_server = KeyServer::start(Behaviour::json(&good)).await;
    let fixture = Fixture::around(k1, key_server, |builder| builder).await;
    let token = fixture.token(json!({ "exp": crate::clock::NOW + 100_000 }));
    suite.expect("JWK-12", "first", fixture.me(&token).await.outcome(), accepted());

    let html = ("text/html", "<html>".to_owned());
    let json = |text: &str| ("application/json", text.to_owned());
    let bodies = [
        ("JWK-12", json("{}")),
        ("JWK-12", json(r#"{"keys":123}"#)),
        ("JWK-12", json("[]")),
        ("JWK-12", json("")),
        ("JWK-12", html),
        ("JWK-12", ("text/html", good.clone())),
        ("JWK-12", json(&good[..good.len() - 2])),
        ("JWK-12", json(&format!(r#"{{"keys":[],{}"#, &good[1..]))),
        ("JWK-12", json(r#"{"keys":[]}"#)),
        ("JWK-18", json(&json!({ "keys": many[..70] }).to_string())),
        ("JWK-18", json(&json!({ "keys": many }).to_string())),
        ("JWK-16", json(&format!("{}{good}", " ".repeat(10 * 1024 * 1024)))),
    ];
    for (id, (content_type, body)) in bodies {
        let headers = format!("content-type: {content_type}\r\n");
        fixture.key_server.behave(Behaviour::answer("200 OK", &headers, body.as_bytes()));
        fixture.clock.advance(60);
        let before = fixture.key_server.requests();
        let unknown = fixture.k1.token(r#"{"alg":"RS256","kid":"new"}"#, claims(json!({})));
        let unavailable: Outcome = (503, "keys_unavailable".to_owned(), None);
        let case: String = body.chars().take(40).collect();
        suite.expect(id, ("unknown key", &case), fixture.me(&unknown).await.outcome(), unavailable);
        suite.expect(id, ("one fetch", &case), fixture.key_server.requests() - before, 1);
        suite.expect(id, ("known key", &case), fixture.me(&token).await.outcome(), accepted());
    }
    suite.finish();
}

#[tokio::test]
async fn key_set_urls_that_are_not_safe() {
    let mut suite = Suite::new();
    for url in [
        "http://idp.test/jwks",
        "https://user:password@idp.test/jwks",
        "file:///etc/passwd",
        "data:application/json,{}",
    ] {
        let built = Auth::builder().issuer(Issuer::new("https://idp.test", url, "aud")).build();
        suite.expect("JWK-26", url, matches!(built, Err(ConfigError::Url(_))), true);
    }
    suite.finish();
}
