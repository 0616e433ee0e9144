//! Step two: the compact form of a signed JWT (RFC 7515, RFC 7519), read strictly.
//!
//! [`UnverifiedToken`] is what a stranger claims; [`Claims`] is what an issuer has signed. The only
//! way from one to the other is [`UnverifiedToken::verify`].

mod claims;
mod header;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub(crate) use claims::{Audience, Claims};
pub(crate) use header::{Algorithm, Header, TokenType};

use crate::error::{AuthError, Code};
use crate::keys::Key;

/// The longest token that is looked at. An HTTP server rarely lets longer headers in.
const MAX_LEN: usize = 16 * 1024;

/// A token that has the right form. Nothing in it is to be believed.
pub(crate) struct UnverifiedToken<'a> {
    header: Header,
    claims: Claims,
    /// What the signature is over: the first two segments and the dot between them.
    signed: &'a str,
    signature: Vec<u8>,
}

impl<'a> UnverifiedToken<'a> {
    pub(crate) fn parse(compact: &'a str) -> Result<Self, AuthError> {
        if compact.len() > MAX_LEN {
            return Err(AuthError::new(Code::TokenTooLarge));
        }
        let (signed, header, payload, signature) = segments(compact)
            .ok_or_else(|| malformed("is not three segments of which the first two have text"))?;

        let header = Header::parse(&decode_text(header)?)?;
        let claims = Claims::parse(decode_text(payload)?)?;
        Ok(Self {
            header,
            claims,
            signed,
            signature: decode(signature)?,
        })
    }

    pub(crate) fn unverified_header(&self) -> &Header {
        &self.header
    }

    /// At worst this points to the wrong issuer, whose keys then do not fit.
    pub(crate) fn unverified_issuer(&self) -> &str {
        self.claims.issuer()
    }

    /// Turns the token into what its issuer says, if `key` has signed it.
    pub(crate) fn verify(self, key: &Key) -> Result<Claims, AuthError> {
        if key.verifies(self.signed.as_bytes(), &self.signature) {
            Ok(self.claims)
        } else {
            Err(AuthError::new(Code::SignatureInvalid))
        }
    }
}

/// Splits at the dots without walking past the third, however many follow.
fn segments(compact: &str) -> Option<(&str, &str, &str, &str)> {
    let (header, rest) = compact.split_once('.')?;
    let (payload, signature) = rest.split_once('.')?;
    let signed = compact.get(..header.len() + 1 + payload.len())?;
    let complete = !header.is_empty() && !payload.is_empty() && !signature.contains('.');
    complete.then_some((signed, header, payload, signature))
}

/// Strict base64url (RFC 7515, section 2): no padding, no other alphabet, no trailing bits.
fn decode(segment: &str) -> Result<Vec<u8>, AuthError> {
    URL_SAFE_NO_PAD
        .decode(segment)
        .map_err(|_| malformed("has a segment that is not base64url"))
}

fn decode_text(segment: &str) -> Result<String, AuthError> {
    String::from_utf8(decode(segment)?).map_err(|_| malformed("has a segment that is not UTF-8"))
}

fn malformed(what: &str) -> AuthError {
    AuthError::new(Code::TokenMalformed).because(format!("the token {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = r#"{"alg":"RS256","kid":"k1","typ":"JWT"}"#;
    const PAYLOAD: &str = r#"{"iss":"https://issuer.test/","sub":"s","exp":1}"#;

    fn compact(header: &str, payload: &str) -> String {
        let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.c2ln", encode(header), encode(payload))
    }

    fn refusal(compact: &str) -> Code {
        UnverifiedToken::parse(compact).err().unwrap().code()
    }

    #[test]
    fn reads_a_plain_token() {
        let compact = compact(HEADER, PAYLOAD);
        let token = UnverifiedToken::parse(&compact).unwrap();

        assert_eq!(token.unverified_issuer(), "https://issuer.test/");
        assert_eq!(token.unverified_header().key_id(), Some("k1"));
        assert_eq!(format!("{}.c2ln", token.signed), compact);
        assert_eq!(token.signature, b"sig");
    }

    #[test]
    fn refuses_every_other_form() {
        let good = compact(HEADER, PAYLOAD);
        let (signed, _) = good.rsplit_once('.').unwrap();
        let (header, payload) = signed.split_once('.').unwrap();
        let cases = [
            ("one segment", header.to_owned()),
            ("two segments", signed.to_owned()),
            ("a fourth segment, empty", format!("{good}.")),
            ("five segments", format!("{good}.a.b")),
            ("a leading dot", format!(".{good}")),
            ("no header", format!(".{payload}.c2ln")),
            ("no payload", format!("{header}..c2ln")),
            ("padding", format!("{signed}.c2lnMQ==")),
            ("trailing bits", format!("{signed}.c2lnMR")),
            ("the other alphabet", format!("{signed}.+/+/")),
            ("a million dots, shortened", ".".repeat(MAX_LEN)),
            (
                "a header that is not UTF-8",
                format!("{}.{payload}.c2ln", "_____w"),
            ),
            ("a payload that is an array", compact(HEADER, "[]")),
            ("a payload with trailing text", compact(HEADER, "{}x")),
            (
                "an issuer twice",
                compact(HEADER, r#"{"iss":"a","iss":"a"}"#),
            ),
        ];
        for (case, compact) in cases {
            assert_eq!(refusal(&compact), Code::TokenMalformed, "{case}");
        }
    }

    #[test]
    fn length_is_asked_first() {
        assert_eq!(refusal(&"!".repeat(MAX_LEN + 1)), Code::TokenTooLarge);
        assert_eq!(refusal(&"!".repeat(MAX_LEN)), Code::TokenMalformed);
    }
}
