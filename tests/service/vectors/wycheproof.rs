//! Project Wycheproof: signatures, keys and encryption of JOSE, and the primitives below.

use auth_core::keys::KeySet;
use auth_core::token::{Algorithm, verify_jws};
use serde_json::{Value, json};

use super::jose::hexadecimal;
use super::{Source, array, json};
use crate::signer::encode;

const ALL: [Algorithm; 3] = [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa];

/// A key, or a set of keys, as a set.
fn set_of(keys: &Value) -> Option<KeySet> {
    let set = if keys.get("keys").is_some() { keys.clone() } else { json!({ "keys": [keys] }) };
    KeySet::parse(set.to_string().as_bytes()).ok()
}

/// The cases of the groups of a file, each with its group.
fn cases(file: &Value) -> impl Iterator<Item = (&Value, &Value)> {
    let groups = array(&file["testGroups"]).iter();
    groups.flat_map(|group| array(&group["tests"]).iter().map(move |test| (group, test)))
}

#[test]
#[ignore = "needs AUTH_VECTORS"]
fn json_web_signatures_and_keys() {
    let mut source = Source::new("wycheproof, JSON Web Signature and Key");
    let expectations = json("wycheproof/applicability.json");
    let mut skipped = 0;
    for name in ["json_web_signature_test.json", "json_web_key_test.json"] {
        let file = json(&format!("wycheproof/{name}"));
        for (group, test) in cases(&file) {
            let id = test["tcId"].to_string();
            let keys = group.get("public").unwrap_or(&group["private"]);
            // Some cases are no string at all, but an object of the JSON form.
            let sent = test["jws"].as_str().map_or_else(|| test["jws"].to_string(), str::to_owned);
            let accepted = set_of(keys).is_some_and(|keys| verify_jws(&sent, &keys, &ALL).is_ok());
            match expectations[name][&id]["expect"].as_str().unwrap() {
                "skip" => skipped += 1,
                expected => {
                    source.expect((name, id, &test["comment"]), accepted, expected == "accept")
                }
            }
        }
    }
    assert_eq!(skipped, 1, "the fingerprint of ROCA is not looked for");
    source.finish(426);
}

/// Whatever is encrypted is no signature.
#[test]
#[ignore = "needs AUTH_VECTORS"]
fn json_web_encryption() {
    let mut source = Source::new("wycheproof, JSON Web Encryption");
    let file = json("wycheproof/json_web_encryption_test.json");
    for (group, test) in cases(&file) {
        let keys = group.get("public").unwrap_or(&group["private"]);
        let sent = test["jwe"].as_str().map_or_else(|| test["jwe"].to_string(), str::to_owned);
        let accepted = set_of(keys).is_some_and(|keys| verify_jws(&sent, &keys, &ALL).is_ok());
        source.expect((&test["tcId"], &test["comment"]), accepted, false);
    }
    source.finish(139);
}

#[test]
#[ignore = "needs AUTH_VECTORS"]
fn primitives() {
    for (name, algorithm, count) in [
        ("rsa_signature_2048_sha256", Algorithm::Rs256, 259),
        ("rsa_signature_3072_sha256", Algorithm::Rs256, 259),
        ("rsa_signature_4096_sha256", Algorithm::Rs256, 258),
        ("rsa_signature_8192_sha256", Algorithm::Rs256, 258),
        ("ecdsa_secp256r1_sha256_p1363", Algorithm::Es256, 262),
        ("ed25519", Algorithm::EdDsa, 151),
    ] {
        let mut source = Source::new(name);
        let file = json(&format!("wycheproof/{name}_test.json"));
        for (group, test) in cases(&file) {
            let bytes = |name: &str| hexadecimal(test[name].as_str().unwrap());
            let jwk = key_of(group);
            let verified = set_of(&jwk).is_some_and(|keys| {
                let key_id = jwk["kid"].as_str();
                keys.verify(key_id, algorithm, &bytes("msg"), &bytes("sig")).is_ok()
            });
            // The exponent 3 and 8192 bits are refused when the key is read.
            let usable = jwk["e"] != "Aw" && !name.contains("8192");
            let expected = test["result"] == "valid" && usable;
            source.expect((name, &test["tcId"], &test["comment"]), verified, expected);
        }
        source.finish(count);
    }
}

/// The key of a group. Not all points on P-256 are there as a JWK.
fn key_of(group: &Value) -> Value {
    let Some(point) = group["publicKey"]["uncompressed"].as_str() else {
        return group.get("keyJwk").unwrap_or(&group["publicKeyJwk"]).clone();
    };
    let point = hexadecimal(point);
    json!({ "kty": "EC", "crv": "P-256", "x": encode(&point[1..33]), "y": encode(&point[33..]) })
}
