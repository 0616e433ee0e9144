//! Texts that are wiped when they are dropped, and never shown.

use std::fmt;

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::fill;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// 256 bits, so 43 characters of base64url: what RFC 7636 recommends for a verifier.
const RANDOM_BYTES: usize = 32;

/// A token, a password or a key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(Zeroizing<String>);

impl Secret {
    /// For where it is needed, and nowhere else.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

/// What nobody guesses, as text.
pub(crate) fn random() -> Result<Secret, Unspecified> {
    let mut bytes = Zeroizing::new([0; RANDOM_BYTES]);
    fill(&mut *bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(*bytes).into())
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
