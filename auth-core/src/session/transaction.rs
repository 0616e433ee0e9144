//! A sign-in that has begun: what the browser must bring back with the code.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::error::Unspecified;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::Secret;
use super::secret::random;

/// As long as WorkOS keeps a code.
pub(crate) const LIFETIME: Duration = Duration::from_secs(10 * 60);

/// The instance that a browser comes back to may be behind the one where it has begun.
const CLOCKS_DIFFER_BY: Duration = Duration::from_secs(60);

/// The time when it began, and four random characters.
const KNOWN_BY_LEN: usize = 12;

/// It stands sealed in a cookie of the browser, so that nobody else's code is taken (login CSRF).
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Transaction {
    state: Secret,
    /// Proof Key for Code Exchange (RFC 7636).
    verifier: Secret,
    pub(crate) return_path: String,
    began_at: u64,
}

impl Transaction {
    pub(crate) fn begin(return_path: String, now: u64) -> Result<Self, Unspecified> {
        // The time comes first, so that a browser's oldest transaction is known by its cookie's name.
        let state = format!("{now:08x}{}", random()?.expose()).into();
        Ok(Self { state, verifier: random()?, return_path, began_at: now })
    }

    /// What WorkOS gives back as it was.
    pub(crate) fn state(&self) -> &str {
        self.state.expose()
    }

    /// The part of a state by which a browser's transaction is found; `None` for what is no state of
    /// ours, and no part of a cookie's name.
    pub(crate) fn known_by(state: &str) -> Option<&str> {
        let is_ours = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        state.get(..KNOWN_BY_LEN).filter(|known_by| known_by.bytes().all(is_ours))
    }

    pub(crate) fn verifier(&self) -> &str {
        self.verifier.expose()
    }

    pub(crate) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, self.verifier.expose().as_bytes()))
    }

    /// Whether a code that came with `state` is the answer to it.
    pub(crate) fn is_answered_by(&self, state: &str, now: u64) -> bool {
        let is_alive = now < self.began_at + LIFETIME.as_secs()
            && now + CLOCKS_DIFFER_BY.as_secs() >= self.began_at;
        let (ours, theirs) = (self.state.expose().as_bytes(), state.as_bytes());
        is_alive && aws_lc_rs::constant_time::verify_slices_are_equal(ours, theirs).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_challenge_is_the_hash_of_its_verifier() {
        // RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned();
        let begun = Transaction::begin("/".to_owned(), 0).unwrap();
        let transaction = Transaction { verifier: verifier.into(), ..begun };
        assert_eq!(transaction.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn no_two_transactions_are_alike() {
        let mut seen = HashSet::new();
        for _ in 0..1000 {
            let transaction = Transaction::begin("/".to_owned(), 0).unwrap();
            for (secret, len) in [(transaction.state(), 51), (transaction.verifier(), 43)] {
                assert_eq!(secret.len(), len);
                assert!(seen.insert(secret.to_owned()));
            }
        }
    }

    #[test]
    fn only_its_own_state_answers_it_and_for_ten_minutes() {
        let transaction = Transaction::begin("/".to_owned(), 1000).unwrap();
        let state = transaction.state().to_owned();
        assert!(transaction.is_answered_by(&state, 1000));
        assert!(transaction.is_answered_by(&state, 1599));
        assert!(!transaction.is_answered_by(&state, 1600));
        assert!(transaction.is_answered_by(&state, 940), "an instance that is a minute behind");
        assert!(!transaction.is_answered_by(&state, 939), "a clock that goes back");
        let other = Transaction::begin("/".to_owned(), 1000).unwrap();
        for state in ["", other.state(), &state[1..], &format!("{state}x")] {
            assert!(!transaction.is_answered_by(state, 1000), "{state}");
        }
    }
}
