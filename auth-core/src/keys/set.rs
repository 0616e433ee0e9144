//! A key set (RFC 7517, section 5): read key by key, so that one odd key does not sink the others.

use std::sync::Arc;

use super::key::{Key, Unusable};
use crate::error::{AuthError, Code};
use crate::json::Object;
use crate::token::Algorithm;

/// The largest body that is read. A set of 64 RSA keys with certificates has about 200 KiB.
pub(super) const MAX_BODY_LEN: usize = 256 * 1024;

/// More keys than this are a mistake or an attack.
const MAX_KEYS: usize = 64;

/// The longest `kid` that is looked up.
const MAX_KEY_ID_LEN: usize = 256;

/// The usable keys of one issuer.
///
/// ```
/// use auth_core::keys::KeySet;
/// use auth_core::token::Algorithm;
///
/// // RFC 8037, appendix A.
/// let keys = KeySet::parse(
///     br#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a",
///         "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#,
/// )?;
/// assert_eq!(keys.key_ids().collect::<Vec<_>>(), [Some("a")]);
///
/// let forged = keys.verify(Some("a"), Algorithm::EdDsa, b"a message", &[0; 64]);
/// assert!(forged.is_err());
/// # Ok::<(), auth_core::keys::KeySetError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeySet {
    keys: Vec<Arc<Key>>,
}

impl KeySet {
    /// Reads a JSON Web Key Set. Keys that cannot be used to verify with (of another type or
    /// purpose, too short or too long, malformed) are left out.
    ///
    /// # Errors
    /// If that is no key set, or one without a usable key.
    pub fn parse(body: &[u8]) -> Result<Self, KeySetError> {
        if body.len() > MAX_BODY_LEN {
            return Err(KeySetError("is longer than 256 KiB"));
        }
        let text = std::str::from_utf8(body).map_err(|_| KeySetError("is not UTF-8"))?;
        let set = Object::parse(text).map_err(|_| KeySetError("is no strict JSON object"))?;
        let jwks = set.get("keys").and_then(|keys| keys.as_array());
        let jwks: Vec<_> = jwks.ok_or(KeySetError("has no list `keys`"))?.collect();
        if jwks.len() > MAX_KEYS {
            return Err(KeySetError("has more than 64 keys"));
        }

        let mut keys = Vec::new();
        for (position, jwk) in jwks.into_iter().enumerate() {
            match Key::parse(jwk) {
                Ok(key) => keys.push(Arc::new(key)),
                Err(reason @ Unusable::SECRET) => {
                    tracing::error!(position, reason = reason.0, "key left out");
                }
                Err(reason) => tracing::debug!(position, reason = reason.0, "key left out"),
            }
        }
        if keys.is_empty() {
            return Err(KeySetError("has no usable key"));
        }
        Ok(Self { keys })
    }

    /// The `kid` of each usable key; `None` for a key that has none.
    pub fn key_ids(&self) -> impl Iterator<Item = Option<&str>> {
        self.keys.iter().map(|key| key.id())
    }

    #[cfg(any(test, fuzzing))]
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn has(&self, key_id: &str) -> bool {
        self.keys.iter().any(|key| key.id() == Some(key_id))
    }

    /// Verifies a signature over any bytes, for whoever has a format of their own. Tokens are
    /// verified by [`Auth`](crate::Auth), JSON Web Signatures by
    /// [`verify_jws`](crate::token::verify_jws).
    ///
    /// # Errors
    /// If not exactly one key fits, or it has not signed this.
    pub fn verify(
        &self,
        key_id: Option<&str>,
        algorithm: Algorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), AuthError> {
        self.find(key_id, algorithm)?.verify(message, signature)
    }

    /// Finds the one key that a token can be signed with. Keys are never tried in turn: a token
    /// without a `kid` is good only where a single key fits.
    pub(crate) fn find(
        &self,
        key_id: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<&Arc<Key>, NotOne> {
        let wanted = |key: &&Arc<Key>| {
            key.algorithm() == algorithm && (key_id.is_none() || key.id() == key_id)
        };
        let mut fitting = self.keys.iter().filter(wanted);
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Ok(key),
            (Some(_), Some(_)) => Err(NotOne::Several),
            (None, _) if key_id.is_some_and(|id| id.len() > MAX_KEY_ID_LEN) => Err(NotOne::Never),
            (None, _) => Err(NotOne::None),
        }
    }
}

/// What is wrong with a key set.
///
/// ```
/// use auth_core::keys::KeySet;
///
/// let error = KeySet::parse(b"<html>").unwrap_err();
/// assert_eq!(error.to_string(), "the key set is no strict JSON object");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key set {0}")]
pub struct KeySetError(&'static str);

/// Why there is no key for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotOne {
    /// None in this set; a newer one may have it.
    None,
    /// None, and no set will have it.
    Never,
    /// More than one.
    Several,
}

impl From<NotOne> for AuthError {
    fn from(reason: NotOne) -> Self {
        AuthError::new(match reason {
            NotOne::None | NotOne::Never => Code::KeyNotFound,
            NotOne::Several => Code::KeyAmbiguous,
        })
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    fn jwk(id: &str, last_byte: char) -> String {
        let modulus = format!("{}{last_byte}", "_".repeat(341));
        format!(r#"{{"kty":"RSA","kid":"{id}","n":"{modulus}","e":"AQAB"}}"#)
    }

    fn set(keys: &[String]) -> Result<KeySet, KeySetError> {
        KeySet::parse(format!(r#"{{"keys":[{}]}}"#, keys.join(",")).as_bytes())
    }

    #[test]
    fn one_odd_key_does_not_sink_the_others() {
        let odd = [r#""text""#, r#"{"kty":"AKP"}"#, r#"{"kty":"RSA","use":7}"#, "null"];
        let mut keys: Vec<String> = odd.iter().map(ToString::to_string).collect();
        keys.push(jwk("k1", 'w'));

        let set = set(&keys).unwrap();
        assert!(set.find(Some("k1"), Algorithm::Rs256).is_ok());
        assert_eq!(set.key_ids().collect::<Vec<_>>(), [Some("k1")]);
    }

    #[test]
    fn a_body_that_is_no_usable_key_set_is_refused() {
        let good = format!(r#"{{"keys":[{}]}}"#, jwk("k", 'w'));
        let padded = |len: usize| format!("{good}{}", " ".repeat(len - good.len()));
        assert!(KeySet::parse(padded(MAX_BODY_LEN).as_bytes()).is_ok());
        assert!(KeySet::parse(padded(MAX_BODY_LEN + 1).as_bytes()).is_err());

        let many = vec![jwk("k", 'w'); MAX_KEYS + 1];
        assert!(set(&many).is_err());
        assert_eq!(set(&many[1..]).map(|set| set.len()), Ok(MAX_KEYS));
        for body in [
            &b""[..],
            b"{}",
            b"[]",
            br#"{"keys":123}"#,
            br#"{"keys":[]}"#,
            br#"{"keys":[{"kty":"EC"}]}"#,
            br#"{"keys":[],"keys":[]}"#,
            b"<html>",
            b"\xff",
        ] {
            assert!(KeySet::parse(body).is_err(), "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn exactly_one_key_must_fit() {
        let (longest, too_long) = ("k".repeat(256), "k".repeat(257));
        let find = |keys: &[String], id| set(keys).unwrap().find(id, Algorithm::Rs256).err();
        let (k1, k2, k1_again) = (jwk("k1", 'w'), jwk("k2", 'g'), jwk("k1", 'A'));

        assert_eq!(find(&[k1.clone(), k2.clone()], Some("k1")), None);
        assert_eq!(find(&[k1.clone(), k2.clone()], Some("k3")), Some(NotOne::None));
        assert_eq!(find(&[k1.clone(), k2.clone()], None), Some(NotOne::Several));
        assert_eq!(find(std::slice::from_ref(&k1), None), None);
        assert_eq!(find(&[k1.clone(), k1_again, k2], Some("k1")), Some(NotOne::Several));
        assert_eq!(find(std::slice::from_ref(&k1), Some(&longest)), Some(NotOne::None));
        assert_eq!(find(&[k1], Some(&too_long)), Some(NotOne::Never));
    }

    /// The signature of RFC 8037, appendix A.4.
    #[test]
    fn a_signature_is_good_for_its_key_and_its_message_only() {
        let signer = r#"{"kty":"OKP","crv":"Ed25519","kid":"signer",
            "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        let set = set(&[signer.to_owned(), jwk("other", 'w')]).unwrap();
        let message = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signature = URL_SAFE_NO_PAD
            .decode("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg")
            .unwrap();
        let verify = |key_id, algorithm, message: &[u8]| {
            set.verify(key_id, algorithm, message, &signature).map_err(|error| error.code())
        };

        assert_eq!(verify(Some("signer"), Algorithm::EdDsa, message), Ok(()));
        assert_eq!(verify(None, Algorithm::EdDsa, message), Ok(()));
        for (key_id, algorithm, message, refused) in [
            ("signer", Algorithm::EdDsa, &message[1..], Code::SignatureInvalid),
            ("other", Algorithm::Rs256, &message[..], Code::SignatureInvalid),
            ("other", Algorithm::EdDsa, &message[..], Code::KeyNotFound),
            ("signer", Algorithm::Rs256, &message[..], Code::KeyNotFound),
        ] {
            let came = verify(Some(key_id), algorithm, message);
            assert_eq!(came, Err(refused), "{key_id} {algorithm:?}");
        }
    }
}
