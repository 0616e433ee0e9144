//! A signing key, made while the process runs and gone with it.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::crypto::aws_lc;
use jsonwebtoken::errors::Error;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rcgen::{CertificateParams, DnType};
use rustls_pki_types::PrivatePkcs8KeyDer;
use serde::Serialize;
use serde_json::{Value, json};

pub(crate) struct SigningKey {
    id: String,
    private: EncodingKey,
    public: Value,
}

impl SigningKey {
    pub(crate) fn generate(id: &str, client_id: &str) -> Result<Self, KeyError> {
        let pair = KeyPair::generate(KeySize::Rsa2048)?;
        let pkcs8 = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair)?;
        let pem = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            STANDARD.encode(pkcs8.as_ref())
        );
        let private = EncodingKey::from_rsa_pem(pem.as_bytes())?;
        let certificate = self_signed(pkcs8.as_ref(), client_id)?;
        let public = pair.public_key();
        let public = json!({
            "alg": "RS256",
            "kty": "RSA",
            "use": "sig",
            "kid": id,
            "n": URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
            "e": URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
            "x5c": [STANDARD.encode(&certificate)],
            "x5t#S256": URL_SAFE_NO_PAD.encode(digest(&SHA256, &certificate)),
        });
        Ok(Self { id: id.to_owned(), private, public })
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
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

    pub(crate) fn to_jwk(&self) -> Value {
        self.public.clone()
    }
}

/// WorkOS publishes a certificate with each key. Nobody has to trust it.
fn self_signed(pkcs8: &[u8], client_id: &str) -> Result<Vec<u8>, rcgen::Error> {
    let pair = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(
        &PrivatePkcs8KeyDer::from(pkcs8),
        &rcgen::PKCS_RSA_SHA256,
    )?;
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name.push(DnType::CommonName, client_id);
    Ok(parameters.self_signed(&pair)?.der().to_vec())
}

/// A key that cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("no key could be generated")]
    Generation(#[from] Unspecified),
    #[error("no certificate could be made: {0}")]
    Certificate(#[from] rcgen::Error),
    #[error(transparent)]
    Jwt(#[from] Error),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error("the key does not sign")]
    Signature(#[from] jsonwebtoken::signature::Error),
}
