//! A token in compact form, read strictly (RFC 7515, RFC 7519, RFC 8725).
//!
//! The signature layer is [`verify_jws`], usable by itself. On top of it stands the token:
//! `UnverifiedToken` and `UnverifiedClaims` are what a stranger claims, `Claims` is what an issuer has
//! signed, and there is one way from one to the other.

mod algorithm;
mod authority;
mod claims;
mod header;
mod jws;
mod strings;

use std::borrow::Cow;

pub use algorithm::Algorithm;
pub(crate) use claims::{Addressed, Claims, TimeRules};
pub(crate) use header::{Header, TokenType};
pub(crate) use jws::Room;
pub use jws::verify_jws;

use crate::error::{AuthError, Code};
use crate::json::Object;
use crate::keys::Key;
use jws::UnverifiedJws;

/// A token that has the right form. Nothing in it is to be believed.
pub(crate) struct UnverifiedToken<'a> {
    jws: UnverifiedJws<'a>,
}

/// The claims of such a token.
pub(crate) struct UnverifiedClaims<'a> {
    token: &'a UnverifiedToken<'a>,
    payload: &'a str,
    claims: Object<'a>,
}

impl<'a> UnverifiedToken<'a> {
    pub(crate) fn parse(compact: &'a str, room: &'a mut Room) -> Result<Self, AuthError> {
        let jws = UnverifiedJws::parse(compact, room)?;
        jws.header.check_content_is_no_token()?;
        Ok(Self { jws })
    }

    pub(crate) fn unverified_header(&self) -> &Header<'a> {
        &self.jws.header
    }

    pub(crate) fn unverified_claims(&'a self) -> Result<UnverifiedClaims<'a>, AuthError> {
        let payload = std::str::from_utf8(self.jws.payload);
        let payload = payload.map_err(|_| malformed("has claims not in UTF-8"))?;
        Ok(UnverifiedClaims { token: self, payload, claims: claims::object(payload)? })
    }
}

impl UnverifiedClaims<'_> {
    /// At worst this points to the wrong issuer, whose keys then do not fit.
    pub(crate) fn unverified_issuer(&self) -> Result<Cow<'_, str>, AuthError> {
        claims::issuer(&self.claims)
    }

    /// What the token's issuer says, if `key` has signed it.
    pub(crate) fn verify(&self, key: &Key) -> Result<Claims, AuthError> {
        self.token.jws.check_signature(key)?;
        Claims::read(&self.claims, self.payload)
    }
}

fn malformed(what: &str) -> AuthError {
    AuthError::new(Code::TokenMalformed).because(format!("the token {what}"))
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    const CLAIMS: &str = r#"{"iss":"https://issuer.test/","sub":"s","exp":1}"#;

    fn compact(header: &str, claims: &[u8]) -> String {
        let header = URL_SAFE_NO_PAD.encode(header);
        format!("{header}.{}.c2ln", URL_SAFE_NO_PAD.encode(claims))
    }

    #[test]
    fn reads_the_issuer_before_anything_is_verified() {
        let compact = compact(r#"{"alg":"RS256"}"#, CLAIMS.as_bytes());
        let mut room = Room::default();
        let token = UnverifiedToken::parse(&compact, &mut room).unwrap();
        let claims = token.unverified_claims().unwrap();
        assert_eq!(claims.unverified_issuer().unwrap(), "https://issuer.test/");
    }

    #[test]
    fn claims_are_one_strict_object() {
        let header = r#"{"alg":"RS256"}"#;
        let cases: [(&str, &[u8]); 8] = [
            (header, b""),
            (header, b"[]"),
            (header, b"\"x\""),
            (header, b"{}x"),
            (header, b"\xef\xbb\xbf{}"),
            (header, b"{\"iss\":\"\xff\"}"),
            (header, br#"{"iss":"a","iss":"a","sub":"s","exp":1}"#),
            (r#"{"alg":"RS256","cty":"JWT"}"#, CLAIMS.as_bytes()),
        ];
        for (header, claims) in cases {
            let (compact, mut room) = (compact(header, claims), Room::default());
            let token = UnverifiedToken::parse(&compact, &mut room);
            let error = token.and_then(|token| token.unverified_claims().map(drop)).unwrap_err();
            assert_eq!(error.code(), Code::TokenMalformed, "{}", String::from_utf8_lossy(claims));
        }
    }
}
