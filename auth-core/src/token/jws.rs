//! JSON Web Signatures in compact form (RFC 7515, section 3.1): from text and keys to the bytes that
//! were signed.

use smallvec::SmallVec;

use super::algorithm::Algorithm;
use super::header::Header;
use super::malformed;
use crate::base64url;
use crate::error::{AuthError, Code};
use crate::keys::{Key, KeySet};

/// The longest text that is looked at. An HTTP server rarely lets longer headers in.
const MAX_LEN: usize = 16 * 1024;

/// Verifies a JSON Web Signature by itself, without the claims of a token, and gives its payload.
///
/// The header rules of this crate hold: one of `algorithms`, exactly one key of `keys` that fits
/// `kid` and `alg`, no `crit`, no unencoded payload, no key from the header.
///
/// ```
/// use auth_core::keys::KeySet;
/// use auth_core::token::{Algorithm, verify_jws};
///
/// // RFC 8037, appendix A.
/// let keys = KeySet::parse(
///     br#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#,
/// )?;
/// let payload = verify_jws(
///     "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.\
///      hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
///     &keys,
///     &[Algorithm::EdDsa],
/// )?;
/// assert_eq!(payload, b"Example of Ed25519 signing");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The refusal, if the text is no signature in compact form, or not one by these keys.
pub fn verify_jws(
    compact: &str,
    keys: &KeySet,
    algorithms: &[Algorithm],
) -> Result<Vec<u8>, AuthError> {
    let mut room = Room::default();
    let jws = UnverifiedJws::parse(compact, &mut room)?;
    jws.header.check_algorithm(algorithms)?;
    let key = keys.find(jws.header.key_id(), jws.header.algorithm())?;
    jws.check_signature(key)?;
    Ok(jws.payload.to_vec())
}

/// Where the segments of one text are decoded to: on the stack, unless they are unusually long.
#[derive(Default)]
pub(crate) struct Room {
    header: Segment<256>,
    payload: Segment<2048>,
    /// As long as the longest RSA signature.
    signature: Segment<512>,
}

type Segment<const LEN: usize> = SmallVec<[u8; LEN]>;

/// A signature that has the right form. Nothing in it is to be believed.
pub(super) struct UnverifiedJws<'a> {
    pub(super) header: Header<'a>,
    pub(super) payload: &'a [u8],
    /// What the signature is over: the first two segments and the dot between them.
    signed: &'a str,
    signature: &'a [u8],
}

impl<'a> UnverifiedJws<'a> {
    pub(super) fn parse(compact: &'a str, room: &'a mut Room) -> Result<Self, AuthError> {
        if compact.len() > MAX_LEN {
            return Err(AuthError::new(Code::TokenTooLarge));
        }
        let (signed, header, payload, signature) =
            segments(compact).ok_or_else(|| malformed("is not three segments"))?;
        let header = decode(header, &mut room.header)?;
        let payload = decode(payload, &mut room.payload)?;
        let signature = decode(signature, &mut room.signature)?;

        let header = std::str::from_utf8(header);
        let header = header.map_err(|_| malformed("has a header not in UTF-8"))?;
        Ok(Self { header: Header::parse(header)?, payload, signed, signature })
    }

    pub(super) fn check_signature(&self, key: &Key) -> Result<(), AuthError> {
        key.verify(self.signed.as_bytes(), self.signature)
    }
}

/// Splits at the dots without walking past the third, however many follow.
fn segments(compact: &str) -> Option<(&str, &str, &str, &str)> {
    let mut dots = memchr::memchr_iter(b'.', compact.as_bytes());
    let (first, second) = (dots.next()?, dots.next()?);
    let signed = compact.get(..second)?;
    let (header, payload) = (signed.get(..first)?, signed.get(first + 1..)?);
    dots.next().is_none().then_some((signed, header, payload, compact.get(second + 1..)?))
}

fn decode<'a, const LEN: usize>(
    segment: &str,
    room: &'a mut Segment<LEN>,
) -> Result<&'a [u8], AuthError> {
    room.resize(base64url::max_decoded_len(segment), 0);
    let len = base64url::decode(segment, room);
    room.truncate(len.ok_or_else(|| malformed("has a segment that is not base64url"))?);
    Ok(room)
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    const HEADER: &str = r#"{"alg":"RS256","kid":"k1","typ":"JWT"}"#;

    fn compact(header: &str, payload: &str) -> String {
        let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.c2ln", encode(header), encode(payload))
    }

    fn refusal(compact: &str) -> Code {
        UnverifiedJws::parse(compact, &mut Room::default()).err().unwrap().code()
    }

    #[test]
    fn reads_header_payload_and_signature() {
        let compact = compact(HEADER, "payload");
        let mut room = Room::default();
        let jws = UnverifiedJws::parse(&compact, &mut room).unwrap();

        assert_eq!(jws.header.key_id(), Some("k1"));
        assert_eq!(jws.payload, b"payload");
        assert_eq!(format!("{}.c2ln", jws.signed), compact);
        assert_eq!(jws.signature, b"sig");
    }

    #[test]
    fn refuses_every_other_form() {
        let good = compact(HEADER, "payload");
        let (signed, _) = good.rsplit_once('.').unwrap();
        let (header, payload) = signed.split_once('.').unwrap();
        let cases = [
            ("nothing", String::new()),
            ("one segment", header.to_owned()),
            ("two segments", signed.to_owned()),
            ("a fourth segment, empty", format!("{good}.")),
            ("five segments", format!("{good}.a.b")),
            ("a leading dot", format!(".{good}")),
            ("no header", format!(".{payload}.c2ln")),
            ("padding", format!("{signed}.c2lnMQ==")),
            ("trailing bits", format!("{signed}.c2lnMR")),
            ("the other alphabet", format!("{signed}.+/+/")),
            ("white space", format!("{signed}.c2 ln")),
            ("dots and nothing else", ".".repeat(MAX_LEN)),
            ("a header that is not UTF-8", format!("_____w.{payload}.c2ln")),
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
