//! One public key of a key set (RFC 7517, RFC 7518 section 6, RFC 8037 section 2), parsed once into
//! the form that verifies.

use std::fmt;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::{AuthError, Code};
use crate::json::{Object, Value};
use crate::token::Algorithm;

/// The shortest modulus that RFC 7518, section 3.3, allows, and the longest that is worth its time.
const MODULUS_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

/// 65537, the only exponent in use. Others are slow, weak or a mistake.
const EXPONENT: [u8; 3] = [1, 0, 1];

/// The length of a coordinate on P-256, and of an Ed25519 key.
const COORDINATE_LEN: usize = 32;

/// What only the holder of a key may know (RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1).
const SECRET_PARAMETERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

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
        if SECRET_PARAMETERS.iter().any(|name| jwk.get(name).is_some()) {
            return Err(Unusable::SECRET);
        }
        if string(&jwk, "use")?.is_some_and(|r#use| r#use != "sig") {
            return Err(Unusable("is not for signatures (`use`)"));
        }
        if jwk.get("key_ops").is_some_and(|operations| !may_verify(operations)) {
            return Err(Unusable("may not verify (`key_ops`)"));
        }
        let id = string(&jwk, "kid")?;
        if id.as_deref() == Some("") {
            return Err(Unusable("has an empty `kid`"));
        }
        // The kind of key decides about the algorithm, whatever a token's header says.
        let curve = string(&jwk, "crv")?;
        let (algorithm, public) = match (string(&jwk, "kty")?.as_deref(), curve.as_deref()) {
            (Some("RSA"), _) => (Algorithm::Rs256, rsa(&jwk)?),
            (Some("EC"), Some("P-256")) => (Algorithm::Es256, p256(&jwk)?),
            (Some("OKP"), Some("Ed25519")) => (Algorithm::EdDsa, ed25519(&jwk)?),
            _ => {
                return Err(Unusable("is of a type (`kty`, `crv`) that is not used here"));
            }
        };
        if string(&jwk, "alg")?.is_some_and(|name| name != algorithm.name()) {
            return Err(Unusable("is for an algorithm (`alg`) that is not used here"));
        }
        Ok(Self { id, algorithm, public })
    }

    pub(crate) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    pub(super) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), AuthError> {
        let verified = self.public.verify_sig(message, signature);
        verified.map_err(|_| AuthError::new(Code::SignatureInvalid))
    }
}

/// Two keys are the same if they sign the same tokens.
impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
            && self.algorithm == other.algorithm
            && self.public.as_ref() == other.public.as_ref()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("id", &self.id)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// Why a key of a set is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unusable(pub(super) &'static str);

impl Unusable {
    /// Somebody has published what must stay secret: worth an alarm.
    pub(super) const SECRET: Self = Self("is a private or symmetric key; withdraw it");
}

fn rsa(jwk: &Object<'_>) -> Result<ParsedPublicKey, Unusable> {
    let (modulus, exponent) = (bytes(jwk, "n")?, bytes(jwk, "e")?);
    // RFC 7518, section 2: the fewest octets, so no zeros in front.
    if modulus.first() == Some(&0) {
        return Err(Unusable("has a modulus with leading zeros"));
    }
    if !bit_length(&modulus).is_some_and(|bits| MODULUS_BITS.contains(&bits)) {
        return Err(Unusable("has a modulus that is not 2048 to 4096 bits long"));
    }
    if exponent != EXPONENT {
        return Err(Unusable("has an exponent other than 65537"));
    }
    RsaPublicKeyComponents { n: modulus, e: exponent }
        .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
        .map_err(|_| Unusable("is no valid RSA key"))
}

fn p256(jwk: &Object<'_>) -> Result<ParsedPublicKey, Unusable> {
    let (x, y) = (coordinate(jwk, "x")?, coordinate(jwk, "y")?);
    // SEC 1, section 2.3.3: an uncompressed point.
    let point = [&[0x04], x.as_slice(), y.as_slice()].concat();
    ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
        .map_err(|_| Unusable("is no point on P-256"))
}

fn ed25519(jwk: &Object<'_>) -> Result<ParsedPublicKey, Unusable> {
    let key = coordinate(jwk, "x")?;
    ParsedPublicKey::new(&ED25519, key).map_err(|_| Unusable("is no valid Ed25519 key"))
}

fn string(jwk: &Object<'_>, name: &str) -> Result<Option<String>, Unusable> {
    let Some(value) = jwk.get(name) else {
        return Ok(None);
    };
    let text = value.as_string().ok_or(Unusable("has a parameter of the wrong type"))?;
    Ok(Some(text.into_owned()))
}

fn bytes(jwk: &Object<'_>, name: &str) -> Result<Vec<u8>, Unusable> {
    let text = string(jwk, name)?.ok_or(Unusable("lacks a parameter"))?;
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Unusable("has a parameter that is not base64url"))
}

fn coordinate(jwk: &Object<'_>, name: &str) -> Result<Vec<u8>, Unusable> {
    let bytes = bytes(jwk, name)?;
    if bytes.len() == COORDINATE_LEN {
        Ok(bytes)
    } else {
        Err(Unusable("has a coordinate that is not 32 octets long"))
    }
}

fn bit_length(integer: &[u8]) -> Option<usize> {
    let leading_zeros = integer.first()?.leading_zeros() as usize;
    Some(integer.len() * 8 - leading_zeros)
}

fn may_verify(operations: Value<'_>) -> bool {
    let mut operations = operations.as_array().into_iter().flatten();
    operations.any(|operation| operation.as_string().as_deref() == Some("verify"))
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
        for name in SECRET_PARAMETERS {
            let secret = parse(&format!(r#"{{"{name}":"AQAB"}}"#));
            assert_eq!(secret.err(), Some(Unusable::SECRET), "{name}");
        }
        assert_eq!(parse(r#"{"kty":"oct","k":"AQAB"}"#).err(), Some(Unusable::SECRET));
    }

    #[test]
    fn a_log_names_a_key_and_does_not_print_it() {
        assert_eq!(
            format!("{:?}", parse("{}").unwrap()),
            r#"Key { id: Some("k1"), algorithm: Rs256, .. }"#
        );
    }

    /// The points of RFC 7515, appendix A.3, and RFC 8037, appendix A.2.
    #[test]
    fn reads_points_of_the_curves_in_use() {
        let parse = |jwk: &str| {
            let text = format!(r#"{{"jwk":{jwk}}}"#);
            let key = Key::parse(Object::parse(&text).unwrap().get("jwk").unwrap());
            key.map(|key| key.algorithm())
        };
        let (x, y) = (
            "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        );
        let p256 = |x: &str, y: &str| {
            parse(&format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}"}}"#))
        };
        assert_eq!(p256(x, y), Ok(Algorithm::Es256));
        assert_eq!(p256(y, x), Err(Unusable("is no point on P-256")));
        assert!(p256(x, &y[..42]).is_err(), "31 octets");
        assert!(p256("", "").is_err());
        assert!(parse(&format!(r#"{{"kty":"EC","crv":"P-384","x":"{x}","y":"{y}"}}"#)).is_err());
        assert!(
            parse(&format!(r#"{{"kty":"EC","crv":"P-256","alg":"RS256","x":"{x}","y":"{y}"}}"#))
                .is_err()
        );

        let ed25519 = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let okp =
            |curve: &str| parse(&format!(r#"{{"kty":"OKP","crv":"{curve}","x":"{ed25519}"}}"#));
        assert_eq!(okp("Ed25519"), Ok(Algorithm::EdDsa));
        assert!(okp("X25519").is_err());
        assert!(okp("Ed448").is_err());
    }
}
