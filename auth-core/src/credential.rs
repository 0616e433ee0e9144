//! Exactly one credential in a request (RFC 6750).

use crate::error::{AuthError, Code};

const SCHEME: &[u8] = b"bearer";

/// What stands behind `Bearer`.
#[derive(Clone, Copy)]
pub(crate) struct Bearer<'a>(&'a [u8]);

/// Finds the bearer token among the values of a request's `Authorization` headers, without looking
/// inside it.
///
/// `None` stands for no credential, or one of another scheme. Two credentials are refused: with
/// "the first one wins" here and "the last one wins" in a proxy, the token that was verified and
/// the token that is used would differ.
pub(crate) fn bearer<'a>(
    values: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Option<Bearer<'a>>, AuthError> {
    let mut values = values.into_iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(AuthError::new(Code::AmbiguousCredentials)
            .because("the request has more than one `Authorization` header"));
    }
    let (scheme, rest) = value.split_at(value.len().min(SCHEME.len()));
    let is_bearer = scheme.eq_ignore_ascii_case(SCHEME);
    match rest {
        [b' ', token @ ..] if is_bearer && !token.is_empty() => Ok(Some(Bearer(token))),
        [b' ' | b'\t', ..] | [] if is_bearer => Err(malformed("has no token behind `Bearer`")),
        _ if value.iter().all(|byte| matches!(byte, b'\t' | b' '..=b'~')) => Ok(None),
        _ => Err(malformed("is not visible ASCII")),
    }
}

/// Whether two requests, or one at two times, have the same credentials. Clones of a header value are
/// not looked at byte by byte.
#[cfg(any(feature = "actix", feature = "axum"))]
pub(crate) fn are_same<'a>(
    mut these: impl Iterator<Item = &'a [u8]>,
    mut those: impl Iterator<Item = &'a [u8]>,
) -> bool {
    loop {
        match (these.next(), those.next()) {
            (Some(this), Some(that)) if std::ptr::eq(this, that) || this == that => {}
            (this, that) => return this.is_none() && that.is_none(),
        }
    }
}

impl<'a> Bearer<'a> {
    /// As it came.
    pub(crate) fn bytes(self) -> &'a [u8] {
        self.0
    }

    /// The same as text.
    pub(crate) fn token(self) -> Result<&'a str, AuthError> {
        std::str::from_utf8(self.0).map_err(|_| no_token())
    }

    /// A token whose form is refused may be no token at all, which is the request's fault (RFC 6750,
    /// section 3.1). No token of good form has other characters, so nobody has to look before.
    pub(crate) fn blamed_for(self, error: AuthError) -> AuthError {
        let is_about_form = matches!(error.code(), Code::TokenMalformed | Code::TokenTooLarge);
        if is_about_form && !is_token(self.0) { no_token() } else { error }
    }
}

/// Whether all is of the alphabet of `b64token` (RFC 6750, section 2.1). Where `=` may stand is the
/// token's matter.
fn is_token(bytes: &[u8]) -> bool {
    // Without a branch, so that the compiler looks at many bytes at once.
    bytes.iter().fold(true, |all, byte| {
        let is_letter = (byte | 0x20).wrapping_sub(b'a') <= b'z' - b'a';
        let is_from_hyphen_to_nine = byte.wrapping_sub(b'-') <= b'9' - b'-';
        let is_other = (*byte == b'_') | (*byte == b'~') | (*byte == b'+') | (*byte == b'=');
        all & (is_letter | is_from_hyphen_to_nine | is_other)
    })
}

fn no_token() -> AuthError {
    malformed("has characters behind `Bearer` that no token has")
}

fn malformed(what: &'static str) -> AuthError {
    AuthError::new(Code::InvalidRequest).because(format!("the `Authorization` header {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token<'a>(values: &[&'a [u8]]) -> Result<Option<&'a str>, AuthError> {
        let Some(bearer) = bearer(values.iter().copied())? else { return Ok(None) };
        let refusal = bearer.blamed_for(AuthError::new(Code::TokenMalformed));
        if refusal.code() == Code::InvalidRequest { Err(refusal) } else { bearer.token().map(Some) }
    }

    #[test]
    fn finds_the_one_bearer_token() {
        for value in ["Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c"] {
            assert_eq!(token(&[value.as_bytes()]).unwrap(), Some("a.b.c"), "{value}");
        }
    }

    #[test]
    fn the_alphabet_of_a_token() {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";
        for byte in 0..=255 {
            let expected = alphabet.contains(&byte);
            for at in [0, 7, 39] {
                let mut bytes = [b'a'; 40];
                bytes[at] = byte;
                assert_eq!(is_token(&bytes), expected, "{byte} at {at}");
            }
        }
    }

    #[test]
    fn another_scheme_is_no_credential() {
        for values in [&[][..], &[&b"Basic dTpw"[..]], &[&b"Bearerx a"[..]], &[&b""[..]]] {
            assert_eq!(token(values).unwrap(), None, "{values:?}");
        }
    }

    #[test]
    fn anything_but_one_plain_token_is_an_invalid_request() {
        let cases: [&[&[u8]]; 14] = [
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
            &[b"Basic \xff"],
            &[b"Bearer a", b"Bearer b"],
            &[b"Bearer a", b"Basic dTpw"],
        ];
        for values in cases {
            let error = token(values).unwrap_err();
            assert_eq!(error.status(), 400, "{values:?}");
        }
    }
}
