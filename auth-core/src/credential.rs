//! Step one: exactly one credential in a request (RFC 6750).

use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::error::{AuthError, Code};

/// Finds the bearer token of a request, without looking inside it.
///
/// `None` stands for no credential, or one of another scheme. Two credentials are refused: with
/// "the first one wins" here and "the last one wins" in a proxy, the token that was verified and
/// the token that is used would differ.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<Option<&str>, AuthError> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(AuthError::new(Code::AmbiguousCredentials)
            .because("the request has more than one `Authorization` header"));
    }
    let text = value.to_str().map_err(|_| malformed("is not visible ASCII"))?;

    let (scheme, rest) = text.split_at(text.find([' ', '\t']).unwrap_or(text.len()));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Ok(None);
    }
    let token = rest.strip_prefix(' ').unwrap_or_default();
    if token.is_empty() {
        return Err(malformed("has no token behind `Bearer`"));
    }
    if !token.bytes().all(is_token_byte) {
        return Err(malformed("has characters behind `Bearer` that no token has"));
    }
    Ok(Some(token))
}

/// The alphabet of `b64token` (RFC 6750, section 2.1). Where `=` may stand is the token's matter.
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)
}

fn malformed(what: &'static str) -> AuthError {
    AuthError::new(Code::InvalidRequest).because(format!("the `Authorization` header {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn headers(values: &[&[u8]]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(value).unwrap());
        }
        headers
    }

    #[test]
    fn finds_the_one_bearer_token() {
        for value in ["Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c"] {
            assert_eq!(bearer(&headers(&[value.as_bytes()])).unwrap(), Some("a.b.c"), "{value}");
        }
    }

    #[test]
    fn another_scheme_is_no_credential() {
        for values in [&[][..], &[&b"Basic dTpw"[..]], &[&b"Bearerx a"[..]], &[&b""[..]]] {
            assert_eq!(bearer(&headers(values)).unwrap(), None, "{values:?}");
        }
    }

    #[test]
    fn anything_but_one_plain_token_is_an_invalid_request() {
        let cases: [&[&[u8]]; 13] = [
            &[b"Bearer"],
            &[b"Bearer "],
            &[b"Bearer\t"],
            &[b"Bearer\ta"],
            &[b"Bearer  a"],
            &[b"Bearer a, Bearer b"],
            &[b"Bearer a b"],
            &[b"Bearer \"a.b.c\""],
            &[b"Bearer {}"],
            &[b"Bearer a%2Eb"],
            &[b"Bearer a\xff"],
            &[b"Bearer a", b"Bearer b"],
            &[b"Bearer a", b"Basic dTpw"],
        ];
        for values in cases {
            let error = bearer(&headers(values)).unwrap_err();
            assert_eq!(error.status(), 400, "{values:?}");
        }
    }
}
