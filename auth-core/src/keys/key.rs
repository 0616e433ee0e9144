//! One public key of a key set (RFC 7517, RFC 7518 section 6.3), parsed once into the form that
//! verifies.

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::json::{Object, Value};
use crate::token::Algorithm;

/// The shortest modulus that RFC 7518, section 3.3, allows, and the longest that is worth its time.
const MODULUS_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

/// 65537, the only exponent in use. Others are slow, weak or a mistake.
const EXPONENT: [u8; 3] = [1, 0, 1];

/// A key and the one algorithm that it is used with.
pub(crate) struct Key {
    id: Option<String>,
    algorithm: Algorithm,
    public: ParsedPublicKey,
}

impl Key {
    /// Reads a JWK. The error says why the key cannot be used, for the operator.
    pub(super) fn parse(jwk: Value<'_>) -> Result<Self, Unusable> {
        let jwk = jwk.as_object().ok_or(Unusable("is no JSON object"))?;
        if jwk.get("d").is_some() {
            return Err(Unusable::PRIVATE);
        }
        if string(&jwk, "kty")?.as_deref() != Some("RSA") {
            return Err(Unusable("is of a type (`kty`) other than RSA"));
        }
        if string(&jwk, "use")?.is_some_and(|r#use| r#use != "sig") {
            return Err(Unusable("is not for signatures (`use`)"));
        }
        if jwk
            .get("key_ops")
            .is_some_and(|operations| !may_verify(operations))
        {
            return Err(Unusable("may not verify (`key_ops`)"));
        }
        if string(&jwk, "alg")?.is_some_and(|algorithm| algorithm != "RS256") {
            return Err(Unusable("is for an algorithm (`alg`) other than RS256"));
        }
        let id = string(&jwk, "kid")?;
        if id.as_deref() == Some("") {
            return Err(Unusable("has an empty `kid`"));
        }
        let modulus = integer(&jwk, "n")?;
        let exponent = integer(&jwk, "e")?;
        if !bit_length(&modulus).is_some_and(|bits| MODULUS_BITS.contains(&bits)) {
            return Err(Unusable("has a modulus that is not 2048 to 4096 bits long"));
        }
        if exponent != EXPONENT {
            return Err(Unusable("has an exponent other than 65537"));
        }
        let public = RsaPublicKeyComponents {
            n: modulus,
            e: exponent,
        }
        .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
        .map_err(|_| Unusable("is no valid RSA key"))?;
        Ok(Self {
            id,
            algorithm: Algorithm::Rs256,
            public,
        })
    }

    pub(super) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    pub(super) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.public.verify_sig(message, signature).is_ok()
    }
}

/// Why a key of a set is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unusable(pub(super) &'static str);

impl Unusable {
    /// Somebody has published a private key: worth an alarm.
    pub(super) const PRIVATE: Self = Self("is a private key; withdraw it");
}

fn string(jwk: &Object<'_>, name: &str) -> Result<Option<String>, Unusable> {
    let Some(value) = jwk.get(name) else {
        return Ok(None);
    };
    let text = value
        .as_string()
        .ok_or(Unusable("has a parameter of the wrong type"))?;
    Ok(Some(text.into_owned()))
}

/// An integer in base64url without leading zeros (RFC 7518, section 2).
fn integer(jwk: &Object<'_>, name: &str) -> Result<Vec<u8>, Unusable> {
    let text = string(jwk, name)?.ok_or(Unusable("has no modulus or exponent"))?;
    let bytes = URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| Unusable("is not base64url"))?;
    match bytes.first() {
        None | Some(0) => Err(Unusable("has an integer with leading zeros")),
        Some(_) => Ok(bytes),
    }
}

fn bit_length(integer: &[u8]) -> Option<usize> {
    let leading_zeros = integer.first()?.leading_zeros() as usize;
    Some(integer.len() * 8 - leading_zeros)
}

fn may_verify(operations: Value<'_>) -> bool {
    let operations = operations.as_array().unwrap_or_default();
    operations
        .iter()
        .any(|operation| operation.as_string().as_deref() == Some("verify"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jwk(changes: &str) -> String {
        let modulus = URL_SAFE_NO_PAD.encode([0xff; 256]);
        let mut jwk: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&format!(
            r#"{{"kty":"RSA","kid":"k1","use":"sig","alg":"RS256","n":"{modulus}","e":"AQAB"}}"#
        ))
        .unwrap();
        let changes: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(changes).unwrap();
        jwk.extend(changes);
        jwk.retain(|_, value| value != "remove");
        serde_json::json!({ "jwk": jwk }).to_string()
    }

    fn parse(changes: &str) -> Result<Key, Unusable> {
        let text = jwk(changes);
        Key::parse(Object::parse(&text).unwrap().get("jwk").unwrap())
    }

    fn with_modulus(bytes: &[u8]) -> String {
        format!(r#"{{"n":"{}"}}"#, URL_SAFE_NO_PAD.encode(bytes))
    }

    #[test]
    fn reads_keys_with_and_without_the_optional_parameters() {
        for changes in [
            "{}",
            r#"{"use":"remove"}"#,
            r#"{"alg":"remove"}"#,
            r#"{"kid":"remove"}"#,
            r#"{"key_ops":["sign","verify"]}"#,
            r#"{"x5c":["ignored"]}"#,
        ] {
            assert!(parse(changes).is_ok(), "{changes}");
        }
        assert!(parse(&with_modulus(&[0xff; 512])).is_ok());
    }

    #[test]
    fn leaves_out_every_key_that_is_not_plainly_ours_to_verify_with() {
        let mut bits_2047 = [0xff; 256];
        bits_2047[0] = 0x7f;
        let mut padded = [0xff; 257];
        padded[0] = 0;
        for changes in [
            r#"{"kty":"EC"}"#,
            r#"{"kty":"AKP"}"#,
            r#"{"kty":"remove"}"#,
            r#"{"use":"enc"}"#,
            r#"{"use":7}"#,
            r#"{"key_ops":["encrypt"]}"#,
            r#"{"key_ops":"verify"}"#,
            r#"{"alg":"RS512"}"#,
            r#"{"alg":"RSA-OAEP"}"#,
            r#"{"kid":""}"#,
            r#"{"kid":7}"#,
            r#"{"e":"Aw"}"#,
            r#"{"e":"AQ"}"#,
            r#"{"e":"AAEAAQ"}"#,
            r#"{"e":"remove"}"#,
            r#"{"n":"remove"}"#,
            r#"{"n":""}"#,
            r#"{"n":"not base64url"}"#,
            &with_modulus(&[0]),
            &with_modulus(&[0xff; 128]),
            &with_modulus(&bits_2047),
            &with_modulus(&padded),
            &with_modulus(&[0xff; 513]),
        ] {
            assert!(parse(changes).is_err(), "{changes}");
        }
        assert_eq!(parse(r#"{"d":"AQAB"}"#).err(), Some(Unusable::PRIVATE));
    }
}
