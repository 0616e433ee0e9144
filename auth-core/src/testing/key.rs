//! A key that signs, made at start and gone with the process.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// The same for all issuers, so that the token of another one is a forgery.
const KEY_ID: &str = "key_test";

pub(super) struct SigningKey(KeyPair);

impl SigningKey {
    pub(super) fn generate() -> Self {
        Self(KeyPair::generate(KeySize::Rsa2048).expect("an RSA key can be generated"))
    }

    /// A compact token with these claims, signed with RS256.
    pub(super) fn sign(&self, claims: &Value) -> String {
        let header = json!({ "alg": "RS256", "kid": KEY_ID, "typ": "JWT" });
        let input = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), input.as_bytes(), &mut signature)
            .expect("the key signs");
        format!("{input}.{}", encode(signature))
    }

    /// A key set (RFC 7517) with the public half.
    pub(super) fn key_set(&self) -> Value {
        let public = self.0.public_key();
        json!({ "keys": [{
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": KEY_ID,
            "n": encode(public.modulus().big_endian_without_leading_zero()),
            "e": encode(public.exponent().big_endian_without_leading_zero()),
        }] })
    }
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
