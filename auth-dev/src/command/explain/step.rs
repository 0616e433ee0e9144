//! The steps of a verification, in their order, and which of them a refusal comes from.

use auth_core::{AuthError, Code};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Form,
    Header,
    Issuer,
    Key,
    Signature,
    Claims,
    Time,
    Audience,
    Identity,
    Administrator,
}

impl Step {
    pub(super) const ALL: [Self; 10] = [
        Self::Form,
        Self::Header,
        Self::Issuer,
        Self::Key,
        Self::Signature,
        Self::Claims,
        Self::Time,
        Self::Audience,
        Self::Identity,
        Self::Administrator,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Header => "header",
            Self::Issuer => "issuer",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Claims => "claims",
            Self::Time => "time",
            Self::Audience => "audience",
            Self::Identity => "identity",
            Self::Administrator => "administrator",
        }
    }

    /// The step that has refused. Most codes belong to one step; where a code belongs to several, the
    /// detail names the part of the token.
    pub(super) fn of(refusal: &AuthError) -> Self {
        let detail = refusal.detail().unwrap_or_default();
        match refusal.code() {
            Code::TokenMalformed if detail.starts_with("the token's header") => Self::Header,
            // The issuer is the first thing that is read of the claims.
            Code::TokenMalformed if detail.contains("claims") => Self::Issuer,
            Code::ClaimInvalid => match detail.split('`').nth(1) {
                Some("iss") => Self::Issuer,
                Some("exp" | "nbf" | "iat") => Self::Time,
                _ => Self::Claims,
            },
            Code::AlgorithmNotAllowed | Code::CriticalUnsupported | Code::TypeMismatch => {
                Self::Header
            }
            Code::IssuerUnknown => Self::Issuer,
            Code::KeyNotFound | Code::KeyAmbiguous | Code::KeysUnavailable => Self::Key,
            Code::SignatureInvalid => Self::Signature,
            Code::BindingRequired => Self::Claims,
            Code::TokenExpired | Code::TokenNotYetValid => Self::Time,
            Code::AudienceMismatch => Self::Audience,
            _ => Self::Form,
        }
    }

    /// Whether a token has got past this step that `refusal` has refused. What a header may say is the
    /// issuer's matter, so the issuer is known by then.
    pub(super) fn was_passed_before(self, refusal: &AuthError) -> bool {
        let is_by_issuer = match refusal.code() {
            Code::TypeMismatch => true,
            Code::AlgorithmNotAllowed => {
                refusal.detail().is_some_and(|detail| detail.starts_with("the issuer"))
            }
            _ => false,
        };
        self < Self::of(refusal) || is_by_issuer && self == Self::Issuer
    }
}
