//! The signature algorithms that an issuer may use.

/// A signature algorithm (RFC 7518, section 3.1; RFC 8037). Symmetric ones and `none` are not
/// among them, so nobody can configure them.
///
/// ```
/// use auth_core::issuer::Issuer;
/// use auth_core::token::Algorithm;
///
/// let issuer = Issuer::new("https://issuer.example", "https://issuer.example/jwks", "my-api")
///     .signs_with(Algorithm::Es256);
/// assert_eq!(Algorithm::Es256.name(), "ES256");
/// # let _ = issuer;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256: what WorkOS signs with, and the cheapest to verify.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Rs256, Self::Es256, Self::EdDsa];

    /// The name in headers and keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    /// Names are compared to the letter: `rs256` is another algorithm, and none that we know.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }
}
