//! The JOSE header (RFC 7515, section 4), of which only `alg`, `kid`, `typ` and `cty` are ever used.

use std::borrow::Cow;
use std::fmt;

use super::algorithm::Algorithm;
use crate::error::{AuthError, Code};
use crate::json::Object;

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

pub(crate) struct Header<'a> {
    algorithm: Algorithm,
    key_id: Option<Cow<'a, str>>,
    token_type: TokenType,
    content_is_token: bool,
}

impl<'a> Header<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, AuthError> {
        let header = Object::parse(text).map_err(|_| malformed("is no strict JSON object"))?;
        let string = |name: &'static str| match header.get(name) {
            None => Ok(None),
            Some(value) => match value.as_string() {
                Some(text) => Ok(Some(text)),
                None => Err(malformed(format!("has a `{name}` that is no string"))),
            },
        };
        let algorithm = string("alg")?.ok_or_else(|| malformed("has no `alg`"))?;
        let (key_id, token_type, content_type) = (string("kid")?, string("typ")?, string("cty")?);

        // Encryption and compression have no place in a signature.
        if header.get("enc").is_some() || header.get("zip").is_some() {
            return Err(malformed("is that of an encrypted token"));
        }
        // No extension is understood, and `b64` (RFC 7797) is refused even where `crit` is absent.
        if header.get("crit").is_some() || header.get("b64").is_some() {
            return Err(AuthError::new(Code::CriticalUnsupported));
        }
        let algorithm = Algorithm::from_name(&algorithm).ok_or_else(|| {
            AuthError::new(Code::AlgorithmNotAllowed)
                .because("the token's `alg` is none that any issuer may use")
        })?;
        Ok(Self {
            algorithm,
            key_id,
            token_type: token_type_of(token_type.as_deref()),
            content_is_token: content_type.is_some_and(|content| is_media_type(&content, "jwt")),
        })
    }

    pub(crate) fn check_algorithm(&self, allowed: &[Algorithm]) -> Result<(), AuthError> {
        if allowed.contains(&self.algorithm) {
            return Ok(());
        }
        Err(AuthError::new(Code::AlgorithmNotAllowed)
            .because(format!("the issuer is not configured to use {}", self.algorithm.name())))
    }

    /// Refuses a token in a token (RFC 7519, section 5.2).
    pub(super) fn check_content_is_no_token(&self) -> Result<(), AuthError> {
        if self.content_is_token { Err(malformed("announces a nested token")) } else { Ok(()) }
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

fn token_type_of(typ: Option<&str>) -> TokenType {
    match typ {
        None => TokenType::Unspecified,
        Some(typ) if is_media_type(typ, "jwt") => TokenType::Unspecified,
        Some(typ) if is_media_type(typ, "at+jwt") => TokenType::AccessToken,
        Some(_) => TokenType::Other,
    }
}

/// Media types compare without regard to case, and `application/` may be left out (RFC 7515,
/// section 4.1.9).
fn is_media_type(text: &str, name: &str) -> bool {
    let subtype = match text.split_once('/') {
        Some((kind, subtype)) if kind.eq_ignore_ascii_case("application") => subtype,
        _ => text,
    };
    subtype.eq_ignore_ascii_case(name)
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
            let text = format!(r#"{{{member}"alg":"RS256"}}"#);
            let header = Header::parse(&text).unwrap();
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
            (r#"{"alg":"RS256","crit":["exp"]}"#, Code::CriticalUnsupported),
            (r#"{"alg":"RS256","crit":[]}"#, Code::CriticalUnsupported),
            (r#"{"alg":"RS256","crit":7}"#, Code::CriticalUnsupported),
            (r#"{"alg":"RS256","b64":false}"#, Code::CriticalUnsupported),
            (r#"{"alg":"RS256","cty":7}"#, Code::TokenMalformed),
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
            assert_eq!(Header::parse(text).err().unwrap().code(), expected, "{text}");
        }
    }
}
