//! The JOSE header (RFC 7515, section 4), of which only `alg`, `kid` and `typ` are ever used.

use std::fmt;

use crate::error::{AuthError, Code};
use crate::json::Object;

/// A signature algorithm that an issuer may use (RFC 7518, section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256, what WorkOS signs with.
    Rs256,
}

impl Algorithm {
    /// Names are compared to the letter: `rs256` is another algorithm, and none that we know.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        (name == "RS256").then_some(Self::Rs256)
    }
}

/// What `typ` says a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenType {
    /// No `typ`, or `JWT`: nothing is said.
    Unspecified,
    /// `at+jwt` (RFC 9068).
    AccessToken,
    /// Another kind of token, which must not pass for an access token.
    Other,
}

pub(crate) struct Header {
    algorithm: Algorithm,
    key_id: Option<String>,
    token_type: TokenType,
}

impl Header {
    pub(crate) fn parse(text: &str) -> Result<Self, AuthError> {
        let header = Object::parse(text).map_err(|_| malformed("is no strict JSON object"))?;
        let string = |name: &'static str| match header.get(name) {
            None => Ok(None),
            Some(value) => match value.as_string() {
                Some(text) => Ok(Some(text)),
                None => Err(malformed(format!("has a `{name}` that is no string"))),
            },
        };
        let algorithm = string("alg")?.ok_or_else(|| malformed("has no `alg`"))?;
        let key_id = string("kid")?.map(|text| text.into_owned());
        let token_type = string("typ")?;

        // Encryption and compression have no place in a signed token, nor has a token in a token.
        if header.get("enc").is_some() || header.get("zip").is_some() {
            return Err(malformed("is that of an encrypted token"));
        }
        if string("cty")?.is_some_and(|content| content.eq_ignore_ascii_case("jwt")) {
            return Err(malformed("announces a nested token"));
        }
        // No extension is understood, and `b64` (RFC 7797) is refused even where `crit` is absent.
        if header.get("crit").is_some() || header.get("b64").is_some() {
            return Err(AuthError::new(Code::CriticalUnsupported));
        }
        let algorithm = Algorithm::from_name(&algorithm).ok_or_else(|| {
            AuthError::new(Code::AlgorithmNotAllowed).because("the token's `alg` is not RS256")
        })?;
        Ok(Self {
            algorithm,
            key_id,
            token_type: token_type_of(token_type.as_deref()),
        })
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// A name to look up in a key set, and good for nothing else.
    pub(crate) fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    pub(crate) fn token_type(&self) -> TokenType {
        self.token_type
    }
}

/// Media types compare without regard to case, and `application/` may be left out (RFC 7515,
/// section 4.1.9).
fn token_type_of(typ: Option<&str>) -> TokenType {
    let Some(typ) = typ.map(str::to_ascii_lowercase) else {
        return TokenType::Unspecified;
    };
    match typ.strip_prefix("application/").unwrap_or(&typ) {
        "jwt" => TokenType::Unspecified,
        "at+jwt" => TokenType::AccessToken,
        _ => TokenType::Other,
    }
}

fn malformed(what: impl fmt::Display) -> AuthError {
    AuthError::new(Code::TokenMalformed).because(format!("the token's header {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_is_read_as_a_media_type() {
        let cases = [
            (r#""typ":"JWT","#, TokenType::Unspecified),
            (r#""typ":"jwt","#, TokenType::Unspecified),
            ("", TokenType::Unspecified),
            (r#""typ":"at+jwt","#, TokenType::AccessToken),
            (r#""typ":"AT+JWT","#, TokenType::AccessToken),
            (r#""typ":"application/at+jwt","#, TokenType::AccessToken),
            (r#""typ":"logout+jwt","#, TokenType::Other),
            (r#""typ":"","#, TokenType::Other),
        ];
        for (member, expected) in cases {
            let header = Header::parse(&format!(r#"{{{member}"alg":"RS256"}}"#)).unwrap();
            assert_eq!(header.token_type(), expected, "{member}");
        }
    }

    #[test]
    fn refuses_what_would_make_the_signature_mean_something_else() {
        let cases = [
            (r#"{"alg":"none"}"#, Code::AlgorithmNotAllowed),
            (r#"{"alg":"nOnE"}"#, Code::AlgorithmNotAllowed),
            (r#"{"alg":"HS256"}"#, Code::AlgorithmNotAllowed),
            (r#"{"alg":"PS256"}"#, Code::AlgorithmNotAllowed),
            (r#"{"alg":"RS512"}"#, Code::AlgorithmNotAllowed),
            (r#"{"alg":"rs256"}"#, Code::AlgorithmNotAllowed),
            (
                r#"{"alg":"RS256","crit":["exp"]}"#,
                Code::CriticalUnsupported,
            ),
            (r#"{"alg":"RS256","crit":[]}"#, Code::CriticalUnsupported),
            (r#"{"alg":"RS256","crit":7}"#, Code::CriticalUnsupported),
            (r#"{"alg":"RS256","b64":false}"#, Code::CriticalUnsupported),
            (r#"{"alg":"RS256","cty":"JWT"}"#, Code::TokenMalformed),
            (r#"{"alg":"RS256","enc":"A256GCM"}"#, Code::TokenMalformed),
            (r#"{"alg":"RS256","zip":"DEF"}"#, Code::TokenMalformed),
            (r#"{"alg":"RS256","kid":1}"#, Code::TokenMalformed),
            (r#"{"alg":"RS256","kid":null}"#, Code::TokenMalformed),
            (r#"{"alg":"RS256","typ":["JWT"]}"#, Code::TokenMalformed),
            (r#"{"alg":["RS256"]}"#, Code::TokenMalformed),
            (r#"{"alg":null}"#, Code::TokenMalformed),
            (r#"{"alg":"none","alg":"RS256"}"#, Code::TokenMalformed),
            (r#"{"alg":"RS256","x":1,"x":2}"#, Code::TokenMalformed),
            (r#"{"kid":"k1"}"#, Code::TokenMalformed),
            ("[]", Code::TokenMalformed),
            ("", Code::TokenMalformed),
        ];
        for (text, expected) in cases {
            assert_eq!(
                Header::parse(text).err().unwrap().code(),
                expected,
                "{text}"
            );
        }
    }
}
