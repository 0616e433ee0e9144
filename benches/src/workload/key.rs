//! Keys that are made at start and gone with the process.

use anyhow::Context;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{self, KeySize};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

pub(crate) struct SigningKey {
    id: String,
    pair: Pair,
}

enum Pair {
    Rsa(rsa::KeyPair),
    Ed25519(Ed25519KeyPair),
}

impl SigningKey {
    /// RSA of 2048 bits, which signs with RS256: what WorkOS has.
    ///
    /// # Errors
    /// If no key can be made.
    pub(crate) fn rsa(id: &str) -> anyhow::Result<Self> {
        let pair = rsa::KeyPair::generate(KeySize::Rsa2048).context("an RSA key")?;
        Ok(Self { id: id.to_owned(), pair: Pair::Rsa(pair) })
    }

    /// Ed25519, which signs far faster than RSA.
    ///
    /// # Errors
    /// If no key can be made.
    pub(crate) fn ed25519(id: &str) -> anyhow::Result<Self> {
        let pair = Ed25519KeyPair::generate().context("an Ed25519 key")?;
        Ok(Self { id: id.to_owned(), pair: Pair::Ed25519(pair) })
    }

    /// A compact token with these claims.
    ///
    /// # Errors
    /// If the key does not sign.
    pub(crate) fn sign(&self, claims: &Value) -> anyhow::Result<String> {
        let header = json!({ "alg": self.algorithm(), "kid": self.id, "typ": "JWT" });
        let input = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let signature = match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(
                    &RSA_PKCS1_SHA256,
                    &SystemRandom::new(),
                    input.as_bytes(),
                    &mut signature,
                )?;
                signature
            }
            Pair::Ed25519(pair) => pair.sign(input.as_bytes()).as_ref().to_vec(),
        };
        Ok(format!("{input}.{}", encode(signature)))
    }

    fn algorithm(&self) -> &'static str {
        match self.pair {
            Pair::Rsa(_) => "RS256",
            Pair::Ed25519(_) => "EdDSA",
        }
    }

    /// The public half (RFC 7517).
    pub(crate) fn jwk(&self) -> Value {
        let mut jwk = json!({ "kid": self.id, "use": "sig", "alg": self.algorithm() });
        let (kind, members) = match &self.pair {
            Pair::Rsa(pair) => {
                let public = pair.public_key();
                let modulus = encode(public.modulus().big_endian_without_leading_zero());
                let exponent = encode(public.exponent().big_endian_without_leading_zero());
                ("RSA", vec![("n", modulus), ("e", exponent)])
            }
            Pair::Ed25519(pair) => {
                let x = encode(pair.public_key());
                ("OKP", vec![("crv", "Ed25519".to_owned()), ("x", x)])
            }
        };
        if let Some(jwk) = jwk.as_object_mut() {
            jwk.insert("kty".to_owned(), kind.into());
            jwk.extend(members.into_iter().map(|(name, value)| (name.to_owned(), value.into())));
        }
        jwk
    }

    /// The public half as aws-lc reads it: the modulus and the exponent of an RSA key.
    ///
    /// # Errors
    /// If it is no RSA key.
    pub(crate) fn rsa_components(&self) -> anyhow::Result<(Vec<u8>, Vec<u8>)> {
        let Pair::Rsa(pair) = &self.pair else {
            anyhow::bail!("`{}` is no RSA key", self.id);
        };
        let public = pair.public_key();
        let modulus = public.modulus().big_endian_without_leading_zero();
        Ok((modulus.to_vec(), public.exponent().big_endian_without_leading_zero().to_vec()))
    }
}

/// The key set that a server of these keys answers with.
pub(crate) fn key_set(keys: &[SigningKey]) -> String {
    json!({ "keys": keys.iter().map(SigningKey::jwk).collect::<Vec<_>>() }).to_string()
}

/// # Errors
/// If it is no base64url.
pub(crate) fn decode(text: &str) -> anyhow::Result<Vec<u8>> {
    Ok(URL_SAFE_NO_PAD.decode(text)?)
}

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
