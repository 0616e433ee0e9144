//! The cookie of the JavaScript SDKs, so that a Rust service and a Next.js one share their sessions.
//!
//! `Fe26.2*<password id>*<salt>*<iv>*<ciphertext>*<expiration>*<salt of the MAC>*<MAC>~2`, as
//! iron-webcrypto writes it. Passwords are long and random here, not chosen by people, which is why
//! one round of PBKDF2 does.

use std::fmt;
use std::num::NonZeroU32;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::cipher::{
    AES_256, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey,
    PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::{hmac, pbkdf2, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::data::Described;
use super::seal::{Opened, SealError, checked, decoded};
use super::{Secret, SessionData};

const PREFIX: &str = "Fe26.2";
/// The SDKs look for their only password under this name.
const PASSWORD_ID: &str = "1";
const VERSION: &str = "~2";
const SALT_LEN: usize = 32;
const IV_LEN: usize = 16;
const BLOCK_LEN: usize = 16;
/// How far clocks may differ, as iron has it.
const SKEW: Duration = Duration::from_secs(60);

/// Seals with one password, and opens what it or its predecessors have sealed.
pub(crate) struct Iron {
    /// The current one is the first.
    passwords: Vec<Secret>,
}

impl Iron {
    /// The first password seals, all of them open.
    pub(crate) fn new(passwords: &[&str]) -> Result<Self, SealError> {
        checked(passwords)?;
        let secret = |password: &&str| Secret::from((*password).to_owned());
        Ok(Self { passwords: passwords.iter().map(secret).collect() })
    }

    /// Seals without an expiration, as the SDKs do.
    pub(crate) fn seal(&self, plain: &[u8]) -> Result<String, SealError> {
        let password = self.passwords.first().ok_or(SealError::NoPassword)?;
        Ok(seal(password, plain, &Chosen::at_random()?)?)
    }

    /// Opens what has not expired.
    pub(crate) fn open(&self, sealed: &str, now: SystemTime) -> Option<Opened> {
        let sealed = sealed.strip_suffix(VERSION)?;
        let parts: Vec<&str> = sealed.split('*').collect();
        let [PREFIX, _, salt, iv, text, expiration, mac_salt, mac] = *parts.as_slice() else {
            return None;
        };
        let (signed, _) = sealed.rsplit_once('*')?.0.rsplit_once('*')?;

        // Whoever cannot make a MAC learns nothing about padding.
        let mac = decoded(mac)?;
        let has_signed = |password: &Secret| {
            hmac::verify(&mac_key(password, mac_salt), signed.as_bytes(), &mac).is_ok()
        };
        let at = self.passwords.iter().position(has_signed)?;
        if has_expired(expiration, now)? {
            return None;
        }

        let iv = decoded(iv)?;
        let mut text = decoded(text)?;
        let key = cipher_key(self.passwords.get(at)?, salt).ok()?;
        let key = PaddedBlockDecryptingKey::cbc_pkcs7(key).ok()?;
        let iv = DecryptionContext::Iv128(iv.as_slice().try_into().ok()?);
        let len = key.decrypt(&mut text, iv).ok()?.len();
        text.truncate(len);
        Some(Opened { plain: text, is_by_current_key: at == 0 })
    }
}

impl fmt::Debug for Iron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iron").finish_non_exhaustive()
    }
}

/// A session as those SDKs keep it. What else they put there is left out.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JavaScriptSession {
    pub(crate) access_token: Secret,
    refresh_token: Secret,
    user: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    organization_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    impersonator: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    authentication_method: Option<String>,
}

impl JavaScriptSession {
    /// The id and the times are not in this cookie: the access token has them. `None` if the user has
    /// no id.
    pub(crate) fn into_data(self, began_at: u64, refreshed_at: u64) -> Option<SessionData> {
        Some(SessionData {
            id: String::new(),
            expires_at: 0,
            user_id: self.user.get("id")?.as_str()?.to_owned(),
            organization_id: self.organization_id,
            access_token: self.access_token,
            refresh_token: self.refresh_token,
            began_at,
            refreshed_at,
            described: Described {
                user: renamed(self.user, snake_case),
                impersonator: self.impersonator,
                authentication_method: self.authentication_method,
            },
        })
    }
}

impl From<SessionData> for JavaScriptSession {
    fn from(data: SessionData) -> Self {
        let Described { user, impersonator, authentication_method } = data.described;
        Self {
            access_token: data.access_token,
            refresh_token: data.refresh_token,
            user: renamed(user, camel_case),
            organization_id: data.organization_id,
            impersonator,
            authentication_method,
        }
    }
}

/// What is chosen at random for each seal.
struct Chosen {
    salt: String,
    iv: [u8; IV_LEN],
    mac_salt: String,
}

impl Chosen {
    fn at_random() -> Result<Self, Unspecified> {
        let mut iv = [0; IV_LEN];
        rand::fill(&mut iv)?;
        Ok(Self { salt: salt()?, iv, mac_salt: salt()? })
    }
}

fn salt() -> Result<String, Unspecified> {
    let mut bytes = [0; SALT_LEN];
    rand::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn seal(password: &Secret, plain: &[u8], chosen: &Chosen) -> Result<String, Unspecified> {
    let Chosen { salt, iv, mac_salt } = chosen;
    let key = PaddedBlockEncryptingKey::cbc_pkcs7(cipher_key(password, salt)?)?;
    // Does not grow, which would leave a copy behind.
    let mut text = Zeroizing::new(Vec::with_capacity(plain.len() + BLOCK_LEN));
    text.extend_from_slice(plain);
    key.less_safe_encrypt(&mut *text, EncryptionContext::Iv128(FixedLength::from(iv)))?;

    let [iv, text] = [&iv[..], &text].map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
    let signed = format!("{PREFIX}*{PASSWORD_ID}*{salt}*{iv}*{text}*");
    let mac = hmac::sign(&mac_key(password, mac_salt), signed.as_bytes());
    Ok(format!("{signed}*{mac_salt}*{}{VERSION}", URL_SAFE_NO_PAD.encode(mac)))
}

fn mac_key(password: &Secret, salt: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, &*derived(password, salt))
}

fn cipher_key(password: &Secret, salt: &str) -> Result<UnboundCipherKey, Unspecified> {
    UnboundCipherKey::new(&AES_256, &*derived(password, salt))
}

fn derived(password: &Secret, salt: &str) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    let (algorithm, salt) = (pbkdf2::PBKDF2_HMAC_SHA1, salt.as_bytes());
    pbkdf2::derive(algorithm, NonZeroU32::MIN, salt, password.expose().as_bytes(), &mut *key);
    key
}

/// `None` if it is no time.
fn has_expired(expiration: &str, now: SystemTime) -> Option<bool> {
    if expiration.is_empty() {
        return Some(false);
    }
    let expiration = Duration::from_millis(expiration.parse().ok()?);
    let since_1970 = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    Some(expiration.saturating_add(SKEW) <= since_1970)
}

/// Names inside of `metadata` are the service's own, so only the outermost change.
fn renamed(user: Map<String, Value>, rename: fn(&str) -> String) -> Map<String, Value> {
    user.into_iter().map(|(name, value)| (rename(&name), value)).collect()
}

fn snake_case(name: &str) -> String {
    let mut renamed = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            renamed.push('_');
        }
        renamed.push(letter.to_ascii_lowercase());
    }
    renamed
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut renamed, word| {
        let (initial, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        renamed.push_str(&initial.to_ascii_uppercase());
        renamed.push_str(rest);
        renamed
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const PASSWORD: &str = "a password of at least 32 characters";
    const OLD: &str = "an old password of some 32 characters";

    /// `authenticateWithCode` of @workos-inc/node 11.0.0, with `sealSession`.
    const OF_WORKOS: &str = "Fe26.2*1*3a789ce00460002ae0f54953b68e73af20a65a6a15a5282e7a5b458946153158*-LLYYLL4H1M2SXWXnmNOFQ*KnAWtXuPeT8QgkV2LWqjhML5Qr66oB7DSPxRRr8vTcxAw9NaeDaZ9-lBJAtd1hCcqhi-dxeo75h78AJ0YH9Rv6bosgz7AdgJyGR5niSrThgE7yg3zaIOqB0WK4zLr4L1bgjAavKY0HLF9dSv-d-TgUrcdrhv96fbmAESwwHKnj0wt1pOIFx0G5Ug3oDAD9gPdMyW5cNyoh-2ie5h5po5bTJayt_XhapaFKYbGAvi2hfgdSBeBtJDO_x4Y7el-sWadnnf9Q7Ip_Dus7-2_k2eLStCIVjEOnEHWKE-DOA6775NxpXfcBxZuTblZnrp6NV4-BI1LIJ8tXGaPgWP1vbwfnXN-K2MEyK5_tvefciZbT5wRQcYyrA2iAOM70Bt8PxVdLsVaYU1NL2Mu6lBrQbmi2su4jVEGrQNs1XgcqKtxyG2SykP657RUXP_ljyGv2s_qyYMn1tFSPNlDprEBsRYQITm-QisbDIQd0ZagGJq9QaBs0gSjVZGVkt13dBUIZgFNLozfCgwOcSJjfXi0elF9FTuirWAV9ZeBow2CytKtpwqDUGBvj1xmHJonSW0D6ZibE7czmzTYb46_76t1Vr9lcJWh0lnT1WuQ7p3LQIyCJtjAYHhEEUp4-9zZBR-rEVUsQVKoRj_rpSsfzGgJP26CKfGqIykCb_5l4EnJruvWFZ0gx9758ptL-q4-GgQNmbouXi-gvzq91C4Qv2SAK-OfI-itbYOI2dkFfbLgHYXp1pCceVplmphQvJCRwRsi1hmT5VDsA3y154e2oVzkbdZMfOZnHK9ZvoSZsAawG3LnMItASn7EI1vuHWsVfIknHuG**7081f64109cfdadcd485cd1264ac7ca805ce1f6bc09fed0c7d96acca1e1382b8*q0GiQYBoVsJLshlmX8p5F-lXgP4dXrA2-Crx1nKoLxM~2";
    const PLAIN_OF_WORKOS: &str = r#"{"organizationId":"org_01ACME","user":{"object":"user","id":"user_01ADA","email":"ada@acme.test","emailVerified":true,"name":null,"firstName":"Ada","profilePictureUrl":null,"lastName":null,"lastSignInAt":"2026-01-01T00:00:00.000Z","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","externalId":null,"metadata":{"favouriteEngine":"analytical"}},"accessToken":"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyXzAxQURBIiwic2lkIjoic2Vzc2lvbl8wMUEiLCJvcmdfaWQiOiJvcmdfMDFBQ01FIn0.c2ln","refreshToken":"refresh-1","authenticationMethod":"Password","impersonator":{"email":"support@acme.test","reason":"a bug"}}"#;
    /// `sealData` of iron-session 9.0.1, with the passwords 1 and 2.
    const OF_IRON_SESSION: &str = "Fe26.2*2*2c643390b470fdea3a643e66692abae01aec1ff8f9f9d2b0de4eeed7be15dab2*pzAKPbncEjcEh2enXZ_pbA*VkpoWZM9CrGVXaAQb53kQgOCz9-szgL_59gNyyGayj-7j1_yGaWyEAEM9yIAYMHZ24BS27JTx-H-dF369O__cA**da300833a7d0610dd801ee80c7ce38c7edc58731a47bb452f1460bc015249077*e0V4EDl_r6GfWSwzBkb0Tv33jwEYOsDgwYUxNYUh7Cc~2";
    /// `seal` of iron-webcrypto 2.0.0: a text that expires at 1,700,000,060,000 ms.
    const EXPIRING: &str = "Fe26.2*1*a8386fbd403fe98ef4ffb9869af50d4756cf6a84a10f94430c7559bc020a55ee*UDQxzVhE6zheZLmjGNPS3g*u96BCZwVHg0xDzr89vRy3A*1700000060000*babfc424b0fcbecac25f852c662fb66456c34e1c08fc9d99c259290b0cfbef85*KNckRJjUmesFiDslQKciU6nZYgEunv8ZyqFLyveOhTc~2";

    fn iron(passwords: &[&str]) -> Iron {
        Iron::new(passwords).unwrap()
    }

    fn open(passwords: &[&str], sealed: &str) -> Option<(String, bool)> {
        let opened = iron(passwords).open(sealed, UNIX_EPOCH)?;
        Some((String::from_utf8(opened.plain.to_vec()).unwrap(), opened.is_by_current_key))
    }

    #[test]
    fn opens_what_javascript_seals() {
        let of_iron_session = r#"{"accessToken":"a.b.c","refreshToken":"r","user":{"id":"u"}}"#;
        let cases = [
            ("@workos-inc/node", OF_WORKOS, PLAIN_OF_WORKOS),
            ("iron-session", OF_IRON_SESSION, of_iron_session),
            ("iron-webcrypto", EXPIRING, "text"),
        ];
        for (case, sealed, expected) in cases {
            assert_eq!(open(&[PASSWORD], sealed), Some((expected.to_owned(), true)), "{case}");
        }
    }

    /// With the same salts, so that what JavaScript opens is what we seal.
    #[test]
    fn seals_to_the_octet_as_javascript_does() {
        let parts: Vec<&str> = OF_WORKOS.split('*').collect();
        let chosen = Chosen {
            salt: parts[2].to_owned(),
            iv: URL_SAFE_NO_PAD.decode(parts[3]).unwrap().try_into().unwrap(),
            mac_salt: parts[6].to_owned(),
        };
        let password = Secret::from(PASSWORD.to_owned());
        assert_eq!(seal(&password, PLAIN_OF_WORKOS.as_bytes(), &chosen).unwrap(), OF_WORKOS);
    }

    #[test]
    fn salts_are_chosen_anew_and_as_javascript_writes_them() {
        let seal = || iron(&[PASSWORD]).seal(b"text").unwrap();
        let (one, other) = (seal(), seal());
        let parts =
            |sealed: &str| -> Vec<String> { sealed.split('*').map(str::to_owned).collect() };
        let (one, other, theirs) = (parts(&one), parts(&other), parts(OF_WORKOS));
        for (part, at) in [("salt", 2), ("iv", 3), ("salt of the MAC", 6)] {
            assert_ne!(one[at], other[at], "{part}");
            assert_eq!(one[at].len(), theirs[at].len(), "{part}");
        }
        for salt in [&one[2], &one[6]] {
            assert!(salt.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')), "{salt}");
        }
        assert_ne!(one[2], one[6]);
    }

    #[test]
    fn an_expired_seal_does_not_open() {
        const END: u64 = 1_700_000_060_000 + 60_000;
        for (now, expected) in [(0, true), (END - 1, true), (END, false), (END * 2, false)] {
            let now = UNIX_EPOCH + Duration::from_millis(now);
            let opened = iron(&[PASSWORD]).open(EXPIRING, now);
            assert_eq!(opened.is_some(), expected, "{now:?}");
        }
    }

    #[test]
    fn passwords_rotate() {
        let (old, new) = (iron(&[OLD]).seal(b"x").unwrap(), iron(&[PASSWORD]).seal(b"x").unwrap());
        let cases = [
            ("current", &[PASSWORD, OLD][..], &new, Some(true)),
            ("previous", &[PASSWORD, OLD], &old, Some(false)),
            ("retired", &[PASSWORD], &old, None),
            ("not known yet", &[OLD], &new, None),
        ];
        for (case, passwords, sealed, expected) in cases {
            let is_by_current_key = open(passwords, sealed).map(|(_, is_current)| is_current);
            assert_eq!(is_by_current_key, expected, "{case}");
        }
        let short = SealError::ShortPassword { number: 2, count: 2 };
        assert_eq!(Iron::new(&[PASSWORD, "hunter2"]).unwrap_err(), short);
        assert_eq!(Iron::new(&[]).unwrap_err(), SealError::NoPassword);
        assert_eq!(format!("{:?}", iron(&[PASSWORD])), "Iron { .. }");
    }

    #[test]
    fn every_part_counts() {
        let parts: Vec<&str> = OF_IRON_SESSION.strip_suffix("~2").unwrap().split('*').collect();
        for at in 0..parts.len() {
            let other = match parts[at].as_bytes() {
                [b'A', rest @ ..] => format!("B{}", std::str::from_utf8(rest).unwrap()),
                [_, rest @ ..] => format!("A{}", std::str::from_utf8(rest).unwrap()),
                [] => "1".to_owned(),
            };
            let mut parts = parts.clone();
            parts[at] = &other;
            let sealed = parts.join("*") + "~2";
            assert_eq!(open(&[PASSWORD], &sealed), None, "part {at}");
        }
        let cases = [
            ("empty", String::new()),
            ("doubled", OF_IRON_SESSION.repeat(2)),
            ("without its version", OF_IRON_SESSION.replace("~2", "")),
            ("of another version", OF_IRON_SESSION.replace("~2", "~1")),
            ("a part more", OF_IRON_SESSION.replace("~2", "*~2")),
            ("only stars", "*******~2".to_owned()),
        ];
        for (case, sealed) in cases {
            assert_eq!(open(&[PASSWORD], &sealed), None, "{case}");
        }
        for len in 0..OF_IRON_SESSION.len() - VERSION.len() {
            let sealed = &OF_IRON_SESSION[..len];
            assert_eq!(open(&[PASSWORD], sealed), None, "the first {len} characters");
            assert_eq!(open(&[PASSWORD], &format!("{sealed}~2")), None, "{len}, and a version");
        }
    }

    /// Good in all but what is inside, which only somebody with the password can make.
    #[test]
    fn a_good_mac_is_no_promise_about_the_rest() {
        let password = Secret::from(PASSWORD.to_owned());
        let good: Vec<&str> = OF_IRON_SESSION.split('*').collect();
        let cases = [
            ("the same", good[3], good[4], "", true),
            ("a time to come", good[3], good[4], "1", true),
            ("no time", good[3], good[4], "soon", false),
            ("a time beyond all times", good[3], good[4], "999999999999999999999", false),
            ("no ciphertext", good[3], "", "", false),
            ("half a block", good[3], "AAAAAAAAAAA", "", false),
            ("bad padding", good[3], &good[4][..64], "", false),
            ("no base64", good[3], "!", "", false),
            ("a short iv", "AAAA", good[4], "", false),
            ("no iv", "", good[4], "", false),
        ];
        for (case, iv, text, expiration, expected) in cases {
            let signed = format!("Fe26.2*1*{}*{iv}*{text}*{expiration}", good[2]);
            let mac = hmac::sign(&mac_key(&password, "salt"), signed.as_bytes());
            let sealed = format!("{signed}*salt*{}~2", URL_SAFE_NO_PAD.encode(mac));
            assert_eq!(open(&[PASSWORD], &sealed).is_some(), expected, "{case}");
        }
    }

    #[test]
    fn a_session_is_the_same_in_both_worlds() {
        let javascript: JavaScriptSession = serde_json::from_str(PLAIN_OF_WORKOS).unwrap();
        let data = javascript.into_data(1_700_000_000, 1_700_000_300).unwrap();
        let token = data.access_token.expose().to_owned();
        assert_eq!(token.split('.').count(), 3);
        let user = json!({
            "object": "user",
            "id": "user_01ADA",
            "email": "ada@acme.test",
            "email_verified": true,
            "name": null,
            "first_name": "Ada",
            "last_name": null,
            "profile_picture_url": null,
            "last_sign_in_at": "2026-01-01T00:00:00.000Z",
            "created_at": "2026-01-01T00:00:00.000Z",
            "updated_at": "2026-01-01T00:00:00.000Z",
            "external_id": null,
            "metadata": { "favouriteEngine": "analytical" },
        });
        let expected = SessionData {
            user_id: "user_01ADA".to_owned(),
            organization_id: Some("org_01ACME".to_owned()),
            access_token: token.into(),
            refresh_token: "refresh-1".to_owned().into(),
            began_at: 1_700_000_000,
            refreshed_at: 1_700_000_300,
            // What the token says is for whoever reads it.
            id: String::new(),
            expires_at: 0,
            described: Described {
                user: user.as_object().unwrap().clone(),
                impersonator: Some(json!({ "email": "support@acme.test", "reason": "a bug" })),
                authentication_method: Some("Password".to_owned()),
            },
        };
        assert_eq!(data, expected);

        let back = serde_json::to_value(JavaScriptSession::from(data)).unwrap();
        let there: Value = serde_json::from_str(PLAIN_OF_WORKOS).unwrap();
        assert_eq!(back, there);
    }

    #[test]
    fn octets_that_are_no_text_are_no_session() {
        let octets = b"{\"accessToken\":\"\xff\",\"refreshToken\":\"r\",\"user\":{}}";
        let sealed = iron(&[PASSWORD]).seal(octets).unwrap();
        let opened = iron(&[PASSWORD]).open(&sealed, UNIX_EPOCH).unwrap();
        assert!(serde_json::from_slice::<JavaScriptSession>(&opened.plain).is_err());
    }

    /// Other SDKs, and later versions, keep more or less.
    #[test]
    fn a_session_needs_its_tokens_and_its_user() {
        let cases = [
            ("all", r#"{"accessToken":"a","refreshToken":"r","user":{}}"#, true),
            (
                "nulls",
                r#"{"accessToken":"a","refreshToken":"r","user":{},"impersonator":null}"#,
                true,
            ),
            ("more", r#"{"accessToken":"a","refreshToken":"r","user":{},"oauthTokens":1}"#, true),
            ("no access token", r#"{"refreshToken":"r","user":{}}"#, false),
            ("no refresh token", r#"{"accessToken":"a","user":{}}"#, false),
            ("no user", r#"{"accessToken":"a","refreshToken":"r"}"#, false),
            (
                "a token twice",
                r#"{"accessToken":"a","accessToken":"b","refreshToken":"r","user":{}}"#,
                false,
            ),
            ("our names", r#"{"access_token":"a","refresh_token":"r","user":{}}"#, false),
            ("nothing", "{}", false),
        ];
        for (case, text, expected) in cases {
            let session = serde_json::from_str::<JavaScriptSession>(text);
            assert_eq!(session.is_ok(), expected, "{case}");
            assert!(
                session.is_err()
                    || !serde_json::to_string(&session.unwrap()).unwrap().contains("null")
            );
        }
    }

    proptest! {
        #[test]
        fn whatever_is_sealed_opens(plain in proptest::collection::vec(any::<u8>(), 0..5000)) {
            let iron = iron(&[PASSWORD]);
            let sealed = iron.seal(&plain).unwrap();
            prop_assert_eq!(&*iron.open(&sealed, UNIX_EPOCH).unwrap().plain, &plain);
        }

        #[test]
        fn nothing_else_opens(
            text in ".*",
            parts in proptest::collection::vec("[A-Za-z0-9_-]{0,50}", 5..9),
        ) {
            let of_this_form = format!("Fe26.2*1*{}~2", parts.join("*"));
            for text in [text, of_this_form] {
                prop_assert_eq!(open(&[PASSWORD, OLD], &text), None);
            }
        }

        #[test]
        fn names_return(name in "[a-z]{1,8}(_[a-z]{1,8}){0,4}") {
            prop_assert_eq!(snake_case(&camel_case(&name)), name);
        }

        #[test]
        fn any_name_can_be_renamed(name in ".*") {
            camel_case(&snake_case(&name));
            camel_case(&name);
        }
    }
}
