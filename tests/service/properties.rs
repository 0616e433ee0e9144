//! What holds for every token.

use auth_core::keys::KeySet;
use auth_core::token::{Algorithm, verify_jws};
use proptest::prelude::*;
use serde_json::json;

use crate::signer::Signer;

#[test]
fn a_token_changed_in_any_one_byte_is_refused() {
    let signer = Signer::new();
    let keys = json!({ "keys": [signer.jwk("k1")] }).to_string();
    let keys = KeySet::parse(keys.as_bytes()).unwrap();
    let token = signer.token(
        r#"{"alg":"RS256","kid":"k1"}"#,
        r#"{"iss":"https://issuer.test/","sub":"user_01","exp":1800000300}"#,
    );
    assert!(verify_jws(&token, &keys, &[Algorithm::Rs256]).is_ok());

    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(4096));
    runner
        .run(&(0..token.len(), any::<char>()), |(at, character)| {
            let mut changed = token.clone();
            changed.replace_range(at..=at, &character.to_string());
            prop_assume!(changed != token);
            prop_assert!(verify_jws(&changed, &keys, &[Algorithm::Rs256]).is_err(), "{}", changed);
            Ok(())
        })
        .unwrap();

    // Each byte once, by the character next to it in the alphabet and by one that is none.
    for at in 0..token.len() {
        for replacement in ["A", "B", "-", "_", ".", "=", "~", " ", ""] {
            let mut changed = token.clone();
            changed.replace_range(at..=at, replacement);
            if changed != token {
                let refused = verify_jws(&changed, &keys, &[Algorithm::Rs256]).is_err();
                assert!(refused, "{replacement:?} at {at}");
            }
        }
    }
}
