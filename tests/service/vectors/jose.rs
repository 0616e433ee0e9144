//! The examples of the standards, the keys of PyJWT, and the edge cases of Ed25519.

use auth_core::keys::KeySet;
use auth_core::token::{Algorithm, verify_jws};
use serde_json::{Value, json};

use super::{Source, array, json, text};
use crate::signer::encode;

const ALL: [Algorithm; 3] = [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa];

/// A set of one key, if it can be used.
fn set_of(jwk: &Value) -> Option<KeySet> {
    KeySet::parse(json!({ "keys": [jwk] }).to_string().as_bytes()).ok()
}

/// The example's key without its private part.
fn public(jwk: &Value) -> Value {
    let mut jwk = jwk.clone();
    for secret in ["d", "p", "q", "dp", "dq", "qi"] {
        jwk.as_object_mut().unwrap().remove(secret);
    }
    jwk
}

fn accepts(compact: &str, keys: Option<&KeySet>) -> bool {
    keys.is_some_and(|keys| verify_jws(compact.trim(), keys, &ALL).is_ok())
}

#[test]
#[ignore = "needs AUTH_VECTORS"]
fn rfc7515_appendix_a() {
    let mut source = Source::new("rfc7515-appendix-a");
    let folder = "rfc7515-appendix-a";
    for (name, expected) in [("A.1", false), ("A.2", true), ("A.3", true), ("A.4", false)] {
        let jwk = json(&format!("{folder}/rfc7515_{name}.jwk"));
        let compact = text(&format!("{folder}/rfc7515_{name}.jwsc"));
        let came = accepts(&compact, set_of(&public(&jwk)).as_ref());
        source.expect(name, came, expected);
        source.expect((name, "with its private key"), set_of(&jwk).is_some(), false);
    }
    // No key makes these good: no algorithm, and the JSON forms.
    let rsa = set_of(&public(&json(&format!("{folder}/rfc7515_A.2.jwk"))));
    for name in ["A.5.jwsc", "A.6.jwsg", "A.7.jwsf"] {
        let came = accepts(&text(&format!("{folder}/rfc7515_{name}")), rsa.as_ref());
        source.expect(name, came, false);
    }
    for (name, usable) in [("A.1", true), ("A.2", false), ("A.3", false)] {
        let set = KeySet::parse(text(&format!("{folder}/rfc7517_{name}.jwkset")).as_bytes());
        source.expect(("RFC 7517", name), set.is_ok(), usable);
    }
    let with_certificate = json(&format!("{folder}/rfc7517_B.jwk"));
    source.expect("a certificate is ignored", set_of(&with_certificate).is_some(), true);
    source.finish(15);
}

#[test]
#[ignore = "needs AUTH_VECTORS"]
fn rfc7520_cookbook() {
    let mut source = Source::new("rfc7520-cookbook");
    for (name, expected) in [
        ("jws__4_1.rsa_v15_signature", true),
        ("jws__4_2.rsa-pss_signature", false),
        ("jws__4_3.ecdsa_signature", false),
        ("jws__4_4.hmac-sha2_integrity_protection", false),
        ("jws__4_5.signature_with_detached_content", false),
        ("jws__4_6.protecting_specific_header_fields", false),
        ("jws__4_7.protecting_content_only", false),
        ("jws__4_8.multiple_signatures", false),
        ("curve25519__jws", true),
        ("rfc7797__4.2.hmac-sha2_b64_false", false),
        ("rfc7797__hmac-sha2_b64_false", false),
    ] {
        let example = json(&format!("rfc7520-cookbook/{name}.json"));
        let key = &example["input"]["key"];
        let keys = if key.is_object() { set_of(&public(key)) } else { None };
        let output = &example["output"];
        // What has no compact form is sent in the form that it has.
        let sent =
            output["compact"].as_str().map_or_else(|| output["json"].to_string(), str::to_owned);
        source.expect(name, accepts(&sent, keys.as_ref()), expected);
    }
    for (name, usable) in [
        ("jwk__3_1.ec_public_key", false),
        ("jwk__3_2.ec_private_key", false),
        ("jwk__3_3.rsa_public_key", true),
        ("jwk__3_4.rsa_private_key", false),
        ("jwk__3_5.symmetric_key_mac_computation", false),
        ("jwk__3_6.symmetric_key_encryption", false),
    ] {
        let jwk = json(&format!("rfc7520-cookbook/{name}.json"));
        source.expect(name, set_of(&jwk).is_some(), usable);
    }
    source.finish(17);
}

#[test]
#[ignore = "needs AUTH_VECTORS"]
fn pyjwt() {
    let mut source = Source::new("pyjwt");
    for (name, usable) in [
        ("jwk_rsa_pub", true),
        ("jwk_ec_pub_P-256", true),
        ("jwk_okp_pub_Ed25519", true),
        ("jwk_ec_pub_P-384", false),
        ("jwk_ec_pub_P-521", false),
        ("jwk_ec_pub_secp256k1", false),
        ("jwk_okp_pub_Ed448", false),
    ] {
        let jwk = json(&format!("pyjwt/{name}.json"));
        source.expect(name, set_of(&jwk).is_some(), usable);
        let with_another = json!({ "keys": [jwk, json("pyjwt/jwk_rsa_pub.json")] });
        let set = KeySet::parse(with_another.to_string().as_bytes());
        source.expect((name, "does not fail the set"), set.is_ok(), true);
    }
    for (name, usable) in [
        ("jwk_keyset_with_unknown_alg", true),
        ("jwk_keyset_only_unknown_alg", false),
        ("jwk_empty", false),
    ] {
        let set = KeySet::parse(text(&format!("pyjwt/{name}.json")).as_bytes());
        source.expect(name, set.is_ok(), usable);
    }
    source.finish(17);
}

/// Cases 0 to 3 and 11 depend on the library, and are not asserted.
#[test]
#[ignore = "needs AUTH_VECTORS"]
fn ed25519_speccheck() {
    let mut source = Source::new("ed25519-speccheck");
    let cases = json("ed25519-speccheck/cases.json");
    assert_eq!(array(&cases).len(), 12);
    for (number, case) in
        array(&cases).iter().enumerate().filter(|(number, _)| (4..=10).contains(number))
    {
        let bytes = |name: &str| hexadecimal(case[name].as_str().unwrap());
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(bytes("pub_key")) });
        let verified = set_of(&jwk).is_some_and(|keys| {
            keys.verify(None, Algorithm::EdDsa, &bytes("message"), &bytes("signature")).is_ok()
        });
        source.expect(number, verified, false);
    }
    source.finish(7);
}

pub(crate) fn hexadecimal(text: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(digit).collect()
}
