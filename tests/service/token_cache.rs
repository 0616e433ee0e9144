//! A token that comes again is who it was, as long as a new one would be, and nothing is waited for.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use auth_core::Auth;
use auth_core::issuer::Issuer;
use serde_json::json;

use crate::clock::{NOW, TestClock};
use crate::eventually::eventually;
use crate::key_server::{Behaviour, KeyServer};
use crate::signer::Signer;
use crate::verification::{authenticate, outcome};

const ISSUER: &str = "https://issuer.test/";

/// The same twice: with a cache, and without.
struct Setup {
    auths: [Auth; 2],
    key_server: KeyServer,
    clock: TestClock,
    k1: Signer,
    /// Good for an hour, by `k1`.
    token: String,
}

impl Setup {
    /// Both have seen the token.
    async fn start() -> Self {
        let k1 = Signer::new();
        let key_server = KeyServer::start(Behaviour::key_set(&[k1.jwk("k1")])).await;
        let clock = TestClock::new();
        let auth = |cache| {
            let issuer = Issuer::new(ISSUER, &key_server.url, "us").name_is_for_this_service();
            let builder = Auth::builder().issuer(issuer).clock(clock.clone());
            builder.leeway(Duration::ZERO).token_cache(cache).build().unwrap()
        };
        let auths = [auth(1 << 20), auth(0)];
        let token = token(&k1, "first");
        let setup = Self { auths, key_server, clock, k1, token };
        assert_eq!(setup.send().await, ["accepted", "accepted"]);
        setup
    }

    async fn send(&self) -> [String; 2] {
        let [with, without] = &self.auths;
        [
            outcome(authenticate(with, &self.token).await),
            outcome(authenticate(without, &self.token).await),
        ]
    }

    /// Has both fetch the key set, as the server now gives it.
    async fn fetch(&self) {
        let fetches = self.key_server.requests() + 2;
        self.clock.advance(30);
        for auth in &self.auths {
            let _ = authenticate(auth, &self.unknown()).await;
        }
        assert_eq!(self.key_server.requests(), fetches);
    }

    /// A token by a key that no set has.
    fn unknown(&self) -> String {
        self.k1.token(r#"{"alg":"RS256","kid":"unknown"}"#, claims("unknown"))
    }
}

fn claims(subject: &str) -> String {
    json!({ "iss": ISSUER, "sub": subject, "nbf": NOW, "iat": NOW, "exp": NOW + 3600 }).to_string()
}

fn token(signer: &Signer, subject: &str) -> String {
    signer.token(r#"{"alg":"RS256","kid":"k1"}"#, claims(subject))
}

#[tokio::test]
async fn a_known_token_is_refused_when_a_new_one_would_be() {
    let setup = Setup::start().await;
    for (now, expected) in [
        (NOW + 3599, "accepted"),
        (NOW + 3600, "token_expired"),
        (NOW, "accepted"),
        (NOW - 1, "token_not_yet_valid"),
        (NOW, "accepted"),
    ] {
        setup.clock.set(now);
        assert_eq!(setup.send().await, [expected, expected], "at {now}");
    }
}

#[tokio::test]
async fn a_known_token_goes_with_its_key() {
    let k2 = Signer::new();
    for (keys, expected) in [
        (["k1", "k2"], "accepted"),
        (["k2", "other"], "key_not_found"),
        (["other", "k1"], "signature_invalid"),
    ] {
        let setup = Setup::start().await;
        let [first, second] = keys;
        let keys = Behaviour::key_set(&[setup.k1.jwk(first), k2.jwk(second)]);
        setup.key_server.behave(keys);
        assert_eq!(setup.send().await, ["accepted", "accepted"]);
        setup.fetch().await;
        assert_eq!(setup.send().await, [expected, expected], "{first} and {second}");

        setup.key_server.behave(Behaviour::key_set(&[setup.k1.jwk("k1")]));
        setup.fetch().await;
        assert_eq!(setup.send().await, ["accepted", "accepted"], "after {first} and {second}");
    }
}

#[tokio::test]
async fn a_known_token_ends_with_the_time_of_a_key_set_that_cannot_be_renewed() {
    let setup = Setup::start().await;
    setup.key_server.behave(Behaviour::Close);
    // Fresh for ten minutes, and an hour more while the server fails.
    setup.clock.advance(4199);
    setup.clock.set(NOW);
    assert_eq!(setup.send().await, ["accepted", "accepted"]);
    setup.clock.advance(1);
    let [with, without] = setup.send().await;
    assert_eq!([&*with, &*without], ["keys_unavailable", "keys_unavailable"]);
}

#[tokio::test]
async fn known_tokens_alone_keep_the_key_set_fresh() {
    let setup = Setup::start().await;
    let [with, _] = &setup.auths;
    let before = setup.key_server.requests();
    for rounds in 1..=3 {
        setup.clock.advance(479);
        assert_eq!(outcome(authenticate(with, &setup.token).await), "accepted");
        assert_eq!(setup.key_server.requests(), before + rounds - 1);
        setup.clock.advance(1);
        assert_eq!(outcome(authenticate(with, &setup.token).await), "accepted");
        eventually(|| async { setup.key_server.requests() == before + rounds }).await;
        // Whoever has an unknown key waits for the fetch that is under way, and causes no other.
        assert_eq!(outcome(authenticate(with, &setup.unknown()).await), "key_not_found");
        assert_eq!(setup.key_server.requests(), before + rounds);
    }
}

#[tokio::test]
async fn a_token_that_differs_anywhere_from_a_known_one_is_another() {
    let setup = Setup::start().await;
    let [with, _] = &setup.auths;
    for at in (0..setup.token.len()).filter(|at| setup.token.as_bytes()[*at] != b'.') {
        let mut other = setup.token.clone().into_bytes();
        other[at] = if other[at] == b'A' { b'B' } else { b'A' };
        let other = String::from_utf8(other).unwrap();
        assert_ne!(outcome(authenticate(with, &other).await), "accepted", "{at}");
    }
    for other in [format!("{}A", setup.token), setup.token[..setup.token.len() - 1].to_owned()] {
        assert_ne!(outcome(authenticate(with, &other).await), "accepted", "{other}");
    }
    assert_eq!(outcome(authenticate(with, &setup.token).await), "accepted");
}

/// Not even the runtime is asked for anything: there is none.
#[test]
fn nothing_is_waited_for_while_the_key_is_known() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let setup = runtime.block_on(Setup::start());
    for auth in &setup.auths {
        for token in [&setup.token, &token(&setup.k1, "second"), &"a.b.c".to_owned()] {
            let first_poll =
                pin!(authenticate(auth, token)).poll(&mut Context::from_waker(Waker::noop()));
            assert!(matches!(first_poll, Poll::Ready(_)), "{token}");
        }
    }
}
