//! The limit: nothing but the signature.

use anyhow::{Context, ensure};
use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};

use super::Subject;
use crate::harness::{Case, Side};
use crate::workload::decode;

/// What all ratios are to.
pub(super) const RAW: &str = "raw aws-lc";

/// What a signature is checked with.
pub(super) struct Raw<'a> {
    components: PublicKeyComponents<Vec<u8>>,
    parsed: ParsedPublicKey,
    message: &'a [u8],
    signature: Vec<u8>,
}

impl<'a> Raw<'a> {
    pub(super) fn new(subject: &'a Subject) -> anyhow::Result<Self> {
        let (n, e) = subject.key().rsa_components()?;
        let components = PublicKeyComponents { n, e };
        let parsed = components.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)?;
        let (message, signature) = subject.token.rsplit_once('.').context("no signature")?;
        let (message, signature) = (message.as_bytes(), decode(signature)?);
        ensure!(parsed.verify_sig(message, &signature).is_ok(), "{RAW} refuses the good token");
        Ok(Self { components, parsed, message, signature })
    }

    pub(super) fn parsed(&self) -> Case<'_> {
        let what = "RSA signature over the token's bytes, key parsed once, nothing else: the limit";
        Case::timed(RAW, what, Side::Limit, || {
            self.parsed.verify_sig(self.message, &self.signature)
        })
    }

    pub(super) fn rebuilt(&self) -> Case<'_> {
        let what = "the same, with the key rebuilt from its modulus and exponent for every call";
        Case::timed("raw aws-lc, key rebuilt", what, Side::Limit, || {
            let algorithm = &RSA_PKCS1_2048_8192_SHA256;
            self.components.verify(algorithm, self.message, &self.signature)
        })
    }
}
