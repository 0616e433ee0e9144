//! The key set, and how keys come and go.

use auth_dev::{AuthDev, Config};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::Value;

use crate::client::{Answer, http, start};

async fn set(workos: &AuthDev) -> Vec<Value> {
    let url = format!("{}/sso/jwks/{}", workos.url(), workos.client_id());
    let answer = Answer::to(http().get(url)).await;
    assert_eq!(answer.header("content-type"), Some("application/jwk-set+json"));
    answer.json()["keys"].as_array().unwrap().clone()
}

/// Whether the key set vouches for a token of now.
fn vouches(keys: &[Value], token: &str) -> bool {
    let kid = decode_header(token).unwrap().kid.unwrap();
    let Some(key) = keys.iter().find(|key| key["kid"] == kid) else { return false };
    let key = DecodingKey::from_jwk(&serde_json::from_value(key.clone()).unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_aud = false;
    decode::<Value>(token, &key, &validation).is_ok()
}

#[tokio::test]
async fn keys_rotate_and_are_withdrawn() {
    let workos = start(Config::default()).await;
    let token = || workos.token("admin", &Default::default()).unwrap();
    let (first_kid, old) = (workos.signing_key(), token());
    assert!(vouches(&set(&workos).await, &old));

    let second_kid = workos.rotate_key().unwrap();
    assert_ne!(second_kid, first_kid);
    assert_eq!(workos.signing_key(), second_kid);
    let new = token();
    let both = set(&workos).await;
    assert_eq!(both.len(), 2);
    assert!(vouches(&both, &old) && vouches(&both, &new));

    assert!(workos.withdraw_key(&first_kid));
    assert!(!workos.withdraw_key(&first_kid));
    let rest = set(&workos).await;
    assert!(!vouches(&rest, &old) && vouches(&rest, &new));
}

#[tokio::test]
async fn a_key_has_what_workos_publishes() {
    let workos = start(Config::default()).await;
    let [key] = set(&workos).await.try_into().unwrap();
    for (name, value) in [("alg", "RS256"), ("kty", "RSA"), ("use", "sig"), ("e", "AQAB")] {
        assert_eq!(key[name], value);
    }
    assert_eq!(key["x5c"].as_array().unwrap().len(), 1);
    assert_eq!(key["x5t#S256"].as_str().unwrap().len(), 43);
    assert_eq!(key["kid"], workos.signing_key());
    let other = format!("{}/sso/jwks/client_01OTHER", workos.url());
    assert_eq!(Answer::to(http().get(other)).await.status, 404);
}

#[tokio::test]
async fn odd_keys_stand_beside_the_good_one() {
    let workos = start(Config::default()).await;
    workos.publish_odd_keys(true);
    let keys = set(&workos).await;
    assert!(keys.len() > 1);
    assert!(vouches(&keys, &workos.token("admin", &Default::default()).unwrap()));
    workos.publish_odd_keys(false);
    assert_eq!(set(&workos).await.len(), 1);
}

#[tokio::test]
async fn a_forged_token_has_the_name_of_the_key_and_not_its_signature() {
    let workos = start(Config::default()).await;
    let options = auth_dev::TokenOptions { forged: true, ..Default::default() };
    let forged = workos.token("admin", &options).unwrap();
    assert_eq!(decode_header(&forged).unwrap().kid, Some(workos.signing_key()));
    assert!(!vouches(&set(&workos).await, &forged));
}
