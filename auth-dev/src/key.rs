//! A signing key, made at start and gone with the process.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::crypto::aws_lc;
use jsonwebtoken::errors::Error;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Serialize;

pub(crate) struct SigningKey {
    id: String,
    private: EncodingKey,
    public: KeyPair,
}

impl SigningKey {
    pub(crate) fn generate(id: &str) -> Result<Self, KeyError> {
        let pair = KeyPair::generate(KeySize::Rsa2048)?;
        let pkcs8 = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair)?;
        let pem = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            STANDARD.encode(pkcs8.as_ref())
        );
        let private = EncodingKey::from_rsa_pem(pem.as_bytes())?;
        Ok(Self { id: id.to_owned(), private, public: pair })
    }

    /// Signs with the named provider: the default of the process belongs to the service.
    pub(crate) fn sign(&self, claims: &impl Serialize) -> Result<String, KeyError> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.id.clone());
        let encode = |json: Vec<u8>| URL_SAFE_NO_PAD.encode(json);
        let message = format!(
            "{}.{}",
            encode(serde_json::to_vec(&header)?),
            encode(serde_json::to_vec(claims)?)
        );
        let signer = (aws_lc::DEFAULT_PROVIDER.signer_factory)(&Algorithm::RS256, &self.private)?;
        let signature = signer.try_sign(message.as_bytes())?;
        Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    pub(crate) fn to_jwk(&self) -> serde_json::Value {
        let public = self.public.public_key();
        let encode = |integer: &[u8]| URL_SAFE_NO_PAD.encode(integer);
        serde_json::json!({
            "alg": "RS256",
            "kty": "RSA",
            "use": "sig",
            "kid": self.id,
            "n": encode(public.modulus().big_endian_without_leading_zero()),
            "e": encode(public.exponent().big_endian_without_leading_zero()),
        })
    }
}

/// A key that cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("no key could be generated")]
    Generation(#[from] Unspecified),
    #[error(transparent)]
    Jwt(#[from] Error),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error("the key does not sign")]
    Signature(#[from] jsonwebtoken::signature::Error),
}
