//! What must hold for every input, whatever it is. `cargo xtask fuzz` looks for inputs for which it
//! does not; a test runs the inputs that are kept.

use std::sync::OnceLock;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

use crate::credential;
use crate::error::{AuthError, Code};
use crate::json::Object;
use crate::keys::KeySet;
use crate::policy::{AdminDomain, AdminRule, Domain};
use crate::token::{Algorithm, Room, UnverifiedToken, verify_jws};

#[cfg(all(feature = "session", any(feature = "actix", feature = "axum")))]
pub use crate::session::fuzz::{cookies, path, webhook};

/// A token is refused or strict, and nobody signs with a key that they do not have.
pub fn token(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    // The text as the claims of a token, which a fuzzer would not find through base64.
    if let Ok(object) = Object::parse(text) {
        let theirs = serde_json::from_str::<serde_json::Value>(text);
        // Numbers out of the range of `f64` are JSON, and `serde_json` refuses them.
        if let Ok(theirs) = theirs {
            let ours = object.get("iss").and_then(|issuer| issuer.as_string());
            assert_eq!(ours.as_deref(), theirs.get("iss").and_then(serde_json::Value::as_str));
        }
    }
    if let Ok(token) = UnverifiedToken::parse(text, &mut Room::default()) {
        let _ = token.unverified_claims();
    }
    static KEYS: OnceLock<Option<KeySet>> = OnceLock::new();
    if let Some(keys) = KEYS.get_or_init(|| KeySet::parse(SOME_KEYS).ok()) {
        let verified = verify_jws(text, keys, &[Algorithm::Es256, Algorithm::EdDsa]);
        assert!(verified.is_err(), "{text}");
    }
}

/// A key set is refused, or has between one key and 64.
pub fn key_set(data: &[u8]) {
    if let Ok(keys) = KeySet::parse(data) {
        assert!((1..=64).contains(&keys.len()));
    }
}

/// Header values, one a line: at most one of them is a token, and that has no strange characters.
pub fn credential(data: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in data.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(AUTHORIZATION, value);
        }
    }
    let values = headers.get_all(AUTHORIZATION).iter().map(HeaderValue::as_bytes);
    let Ok(Some(bearer)) = credential::bearer(values) else { return };
    assert_eq!(headers.len(), 1);
    assert!(!bearer.bytes().is_empty());
    let refusal = bearer.blamed_for(AuthError::new(Code::TokenMalformed));
    if refusal.code() == Code::TokenMalformed {
        let strange = |byte: &u8| !byte.is_ascii_graphic() || b",\"{}".contains(byte);
        assert!(!bearer.bytes().iter().any(strange));
    }
}

/// Whoever is an administrator has one plain address at the domain.
pub fn email(data: &[u8]) {
    let Ok(address) = std::str::from_utf8(data) else { return };
    static RULE: OnceLock<AdminRule> = OnceLock::new();
    let rule = RULE.get_or_init(|| AdminRule {
        domains: Domain::parse("example.com")
            .map(|name| AdminDomain { name, must_be_verified: true })
            .into_iter()
            .collect(),
        issuers: Vec::new(),
    });
    if rule.check("issuer", Some(address), true).is_ok() {
        assert!(address.is_ascii() && address.len() <= 254);
        assert_eq!(address.matches('@').count(), 1);
        assert!(address.to_ascii_lowercase().ends_with("@example.com"));
        assert!(!address.contains(|character: char| " \"(),:;<>[\\]".contains(character)));
        assert!(!address.contains(char::is_control));
        assert!(rule.check("issuer", Some(address), false).is_err());
    }
}

/// The points of RFC 7515, appendix A.3, and RFC 8037, appendix A.2, under other names.
const SOME_KEYS: &[u8] = br#"{"keys":[
    {"kty":"EC","crv":"P-256","kid":"a","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
    {"kty":"OKP","crv":"Ed25519","kid":"b","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
]}"#;

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    #[test]
    fn the_inputs_that_are_kept_hold() {
        type Target = fn(&[u8]);
        let targets: &[(&str, Target)] = &[
            ("token", super::token),
            ("key_set", super::key_set),
            ("credential", super::credential),
            ("email", super::email),
            #[cfg(all(feature = "session", any(feature = "actix", feature = "axum")))]
            ("cookies", super::cookies),
            #[cfg(all(feature = "session", any(feature = "actix", feature = "axum")))]
            ("webhook", super::webhook),
            #[cfg(all(feature = "session", any(feature = "actix", feature = "axum")))]
            ("path", super::path),
        ];
        for (name, target) in targets {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(name);
            let mut inputs = 0;
            for entry in fs::read_dir(&folder).unwrap() {
                target(&fs::read(entry.unwrap().path()).unwrap());
                inputs += 1;
            }
            assert!(inputs >= 5, "{} has its inputs", folder.display());
        }
    }
}
