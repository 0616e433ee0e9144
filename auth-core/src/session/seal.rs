//! Cookies that nobody else can read or make, and that are good for one use only.
//!
//! Sealed is the base64url of: version, key id, nonce, ciphertext, tag.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, Algorithm, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::base64url;

/// Nonces are random. Should two be the same one day, this one tells no more than whether two
/// cookies say the same (RFC 8452), and it is as fast as plain AES-GCM, which would be broken.
static ALGORITHM: &Algorithm = &AES_256_GCM_SIV;

const VERSION: u8 = 1;
const KEY_ID_LEN: usize = 8;
const HEADER_LEN: usize = 1 + KEY_ID_LEN;
const MIN_PASSWORD_CHARS: usize = 32;

/// What a cookie is for. Sealed for one purpose, it does not open for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Purpose {
    Session = 1,
    /// A sign-in that is under way.
    Transaction = 2,
    /// What a store knows a session by.
    Handle = 3,
    /// A session in a store, under the key in place of the cookie's name.
    Stored = 4,
}

/// Seals with one password, and opens what it or its predecessors have sealed.
pub(crate) struct Sealer {
    current: Key,
    previous: Vec<Key>,
}

/// What was in a cookie.
pub(crate) struct Opened {
    pub(crate) plain: Zeroizing<Vec<u8>>,
    /// If not, it is to be sealed anew before the old password goes.
    pub(crate) is_by_current_key: bool,
}

/// Why nothing can be sealed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SealError {
    #[error("there is no cookie password: give one of at least {MIN_PASSWORD_CHARS} characters")]
    NoPassword,
    #[error(
        "cookie password {number} of {count} is too short: it takes at least \
         {MIN_PASSWORD_CHARS} characters, such as `openssl rand -base64 32` prints"
    )]
    ShortPassword { number: usize, count: usize },
    #[error("the system has no random numbers, or no memory: no cookie can be sealed")]
    System,
}

impl Sealer {
    /// The first password seals, all of them open.
    pub(crate) fn new(passwords: &[&str]) -> Result<Self, SealError> {
        let (current, previous) = checked(passwords)?;
        let previous = previous.iter().map(|password| Key::derive(password));
        Ok(Self { current: Key::derive(current)?, previous: previous.collect::<Result<_, _>>()? })
    }

    /// Seals for the cookie of that name.
    pub(crate) fn seal(
        &self,
        purpose: Purpose,
        name: &str,
        plain: &[u8],
    ) -> Result<String, SealError> {
        let Key { id, aead } = &self.current;
        // Does not grow, which would leave a copy behind.
        let mut text = Zeroizing::new(Vec::with_capacity(plain.len() + ALGORITHM.tag_len()));
        text.extend_from_slice(plain);
        let bound = bound_to(id, purpose, name);
        let nonce = aead.seal_in_place_append_tag(bound, &mut *text)?;
        Ok(URL_SAFE_NO_PAD.encode([&[VERSION], &id[..], nonce.as_ref(), &text].concat()))
    }

    /// Opens what has been sealed for that purpose and the cookie of that name.
    pub(crate) fn open(&self, purpose: Purpose, name: &str, sealed: &str) -> Option<Opened> {
        let mut bytes = decoded(sealed)?;
        let (header, rest) = bytes.split_first_chunk_mut::<HEADER_LEN>()?;
        let [VERSION, id @ ..] = &*header else { return None };
        let (nonce, text) = rest.split_first_chunk_mut::<NONCE_LEN>()?;

        let is_by_current_key = self.current.id == *id;
        let previous = || self.previous.iter().find(|key| key.id == *id);
        let key = if is_by_current_key { &self.current } else { previous()? };
        let bound = bound_to(id, purpose, name);
        let len = key.aead.open_in_place(Nonce::from(&*nonce), bound, text).ok()?.len();

        let from = HEADER_LEN + NONCE_LEN;
        bytes.truncate(from + len);
        bytes.drain(..from);
        Some(Opened { plain: bytes, is_by_current_key })
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer").finish_non_exhaustive()
    }
}

impl From<Unspecified> for SealError {
    fn from(_: Unspecified) -> Self {
        Self::System
    }
}

struct Key {
    id: [u8; KEY_ID_LEN],
    aead: RandomizedNonceKey,
}

impl Key {
    fn derive(password: &str) -> Result<Self, Unspecified> {
        let secret = Salt::new(HKDF_SHA256, b"auth-core cookie").extract(password.as_bytes());
        let expand =
            |what: &[u8], bytes: &mut [u8; 32]| secret.expand(&[what], HKDF_SHA256)?.fill(bytes);
        let (mut key, mut id) = (Zeroizing::new([0; 32]), [0; 32]);
        expand(b"key", &mut key)?;
        expand(b"key id", &mut id)?;
        let (id, _) = id.split_first_chunk().ok_or(Unspecified)?;
        Ok(Self { id: *id, aead: RandomizedNonceKey::new(ALGORITHM, &*key)? })
    }
}

/// The first of the passwords and the others, if all are long enough.
pub(super) fn checked<'a, 'p>(
    passwords: &'a [&'p str],
) -> Result<(&'p str, &'a [&'p str]), SealError> {
    let is_short = |password: &&str| password.chars().count() < MIN_PASSWORD_CHARS;
    if let Some(at) = passwords.iter().position(is_short) {
        return Err(SealError::ShortPassword { number: at + 1, count: passwords.len() });
    }
    let (first, others) = passwords.split_first().ok_or(SealError::NoPassword)?;
    Ok((first, others))
}

/// What a text in base64url stands for.
pub(super) fn decoded(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(vec![0; base64url::max_decoded_len(text)]);
    let len = base64url::decode(text, &mut bytes)?;
    bytes.truncate(len);
    Some(bytes)
}

/// Only the last part varies in length.
fn bound_to(id: &[u8; KEY_ID_LEN], purpose: Purpose, name: &str) -> Aad<Vec<u8>> {
    Aad::from([&[VERSION], &id[..], &[purpose as u8], name.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NEW: &str = "the new password of this service";
    const OLD: &str = "the old password of this service";
    const NAME: &str = "__Host-session";
    const PLAIN: &[u8] = br#"{"access_token":"a.b.c"}"#;

    fn sealer(passwords: &[&str]) -> Sealer {
        Sealer::new(passwords).unwrap()
    }

    fn seal(password: &str, plain: &[u8]) -> String {
        sealer(&[password]).seal(Purpose::Session, NAME, plain).unwrap()
    }

    fn open(passwords: &[&str], sealed: &str) -> Option<(Vec<u8>, bool)> {
        let opened = sealer(passwords).open(Purpose::Session, NAME, sealed)?;
        Some((opened.plain.to_vec(), opened.is_by_current_key))
    }

    #[test]
    fn every_bit_counts() {
        let sealed = seal(NEW, PLAIN);
        let bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
        let nonce = HEADER_LEN..HEADER_LEN + NONCE_LEN;
        let tag = bytes.len() - ALGORITHM.tag_len()..bytes.len();
        let parts = [
            ("version", 0..1),
            ("key id", 1..HEADER_LEN),
            ("nonce", nonce.clone()),
            ("ciphertext", nonce.end..tag.start),
            ("tag", tag),
        ];
        assert!(open(&[NEW], &sealed).is_some());
        for (part, range) in parts {
            assert!(!range.is_empty(), "{part}");
            for (at, bit) in range.flat_map(|at| (0..8).map(move |bit| (at, bit))) {
                let mut bytes = bytes.clone();
                bytes[at] ^= 1 << bit;
                let sealed = URL_SAFE_NO_PAD.encode(bytes);
                assert_eq!(open(&[NEW], &sealed), None, "{part}, bit {bit} of byte {at}");
            }
        }
    }

    #[test]
    fn another_text_does_not_open() {
        let sealed = seal(NEW, PLAIN);
        let one_more = {
            let mut bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
            bytes.push(0);
            URL_SAFE_NO_PAD.encode(bytes)
        };
        let cases = [
            ("empty", String::new()),
            ("doubled", sealed.repeat(2)),
            ("one byte more", one_more),
            ("padded", format!("{sealed}=")),
            ("with a space", format!("{sealed} ")),
            ("of another alphabet", sealed.replace(['-', '_'], "+") + "+"),
            ("no base64", "Fe26.2*1*a*b*c**d*e~2".to_owned()),
            ("no ASCII", "é".repeat(40)),
        ];
        for (case, text) in cases {
            assert_eq!(open(&[NEW], &text), None, "{case}");
        }
        for len in 0..sealed.len() {
            assert_eq!(open(&[NEW], &sealed[..len]), None, "the first {len} characters");
        }
    }

    /// The last character stands for fewer bits than it could.
    #[test]
    fn there_is_one_way_to_write_it() {
        const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for plain in [&PLAIN[1..], &PLAIN[2..]] {
            let sealed = seal(NEW, plain);
            let all_but_last = &sealed[..sealed.len() - 1];
            let opens = ALPHABET
                .chars()
                .filter(|last| open(&[NEW], &format!("{all_but_last}{last}")).is_some());
            assert_eq!(opens.count(), 1);
        }
    }

    #[test]
    fn a_cookie_is_good_for_its_own_use_only() {
        let sealer = sealer(&[NEW]);
        let sealed = sealer.seal(Purpose::Session, NAME, PLAIN).unwrap();
        let cases = [
            ("its own", Purpose::Session, NAME, true),
            ("another purpose", Purpose::Transaction, NAME, false),
            ("another name", Purpose::Session, "__Host-sign-in", false),
            ("another case", Purpose::Session, "__host-session", false),
            ("a longer name", Purpose::Session, "__Host-session2", false),
            ("no name", Purpose::Session, "", false),
        ];
        for (case, purpose, name, expected) in cases {
            assert_eq!(sealer.open(purpose, name, &sealed).is_some(), expected, "{case}");
        }
    }

    #[test]
    fn passwords_rotate() {
        let (old, new) = (seal(OLD, PLAIN), seal(NEW, PLAIN));
        let stays = |is_by_current_key| Some((PLAIN.to_vec(), is_by_current_key));
        let cases = [
            ("current", &[NEW, OLD][..], &new, stays(true)),
            ("previous", &[NEW, OLD], &old, stays(false)),
            ("retired", &[NEW], &old, None),
            ("not known yet", &[OLD], &new, None),
        ];
        for (case, passwords, sealed, expected) in cases {
            assert_eq!(open(passwords, sealed), expected, "{case}");
        }
    }

    #[test]
    fn a_password_has_32_characters_and_is_not_shown() {
        let short = "hunter2 hunter2 hunter2 hunter2";
        let of_one = SealError::ShortPassword { number: 1, count: 1 };
        let cases = [
            (&[][..], SealError::NoPassword),
            (&[""], of_one),
            (&[short], SealError::ShortPassword { number: 1, count: 1 }),
            // 32 bytes are not 32 characters.
            (&["éééééééééééééééé"], SealError::ShortPassword { number: 1, count: 1 }),
            (&[NEW, short, OLD], SealError::ShortPassword { number: 2, count: 3 }),
        ];
        for (passwords, expected) in cases {
            let error = Sealer::new(passwords).unwrap_err();
            assert_eq!(error, expected);
            let shown = format!("{error} {error:?} {:?}", sealer(&[NEW]));
            assert!(!shown.contains("hunter") && !shown.contains("the new"), "{shown}");
        }
    }

    /// What has been sealed must open after an update. Made with Python's `cryptography`.
    #[test]
    fn the_layout_and_the_keys_stay_as_they_are() {
        let sealed =
            "AcxDh_jfhLNoYSBmaXhlZCBvbmUubqihfe25KgxkSF2Eu2IBHOX05U35Y7gtPhRJmPDptZil3pyu8xkF9g";
        assert_eq!(open(&[NEW], sealed), Some((PLAIN.to_vec(), true)));
    }

    #[test]
    fn no_two_seals_are_alike() {
        assert_ne!(seal(NEW, PLAIN), seal(NEW, PLAIN));
    }

    proptest! {
        #[test]
        fn whatever_is_sealed_opens(
            plain in proptest::collection::vec(any::<u8>(), 0..5000),
            name in ".*",
        ) {
            let sealer = sealer(&[NEW]);
            let sealed = sealer.seal(Purpose::Transaction, &name, &plain).unwrap();
            let opened = sealer.open(Purpose::Transaction, &name, &sealed).unwrap();
            prop_assert_eq!(&*opened.plain, &plain);
        }

        #[test]
        fn nothing_else_opens(text in ".*", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let of_this_version = [&[VERSION], &sealer(&[NEW]).current.id[..], &bytes].concat();
            let texts = [text, URL_SAFE_NO_PAD.encode(bytes), URL_SAFE_NO_PAD.encode(of_this_version)];
            for text in texts {
                prop_assert_eq!(open(&[NEW, OLD], &text), None);
            }
        }
    }
}
