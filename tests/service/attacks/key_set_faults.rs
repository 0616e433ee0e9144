//! What is promised of key sets, against a key server that misbehaves. Every test counts what the
//! server is asked.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use auth_core::Auth;
use auth_core::issuer::Issuer;
use serde_json::json;
use tokio::task::JoinSet;

use super::fixture::{CLIENT_ID, HEADER, USER_MANAGEMENT, claims};
use super::suite::Suite;
use crate::clock::{NOW, TestClock};
use crate::eventually::eventually;
use crate::key_server::{Behaviour, FullPort, KeyServer};
use crate::signer::Signer;
use crate::verification::{authenticate, outcome};

/// An `Auth` without a service around it, its key server and its time.
struct Setup {
    auth: Auth,
    key_server: KeyServer,
    clock: TestClock,
    k1: &'static Signer,
}

/// Making a key takes long enough to delay a fetch that runs beside it.
static K1: LazyLock<Signer> = LazyLock::new(Signer::new);

impl Setup {
    async fn start() -> Self {
        let k1 = &*K1;
        let key_server = KeyServer::start(Behaviour::key_set(&[k1.jwk("k1")])).await;
        let clock = TestClock::new();
        let issuer =
            Issuer::new(USER_MANAGEMENT, &key_server.url, CLIENT_ID).name_is_for_this_service();
        let auth = Auth::builder().issuer(issuer).clock(clock.clone()).build().unwrap();
        Self { auth, key_server, clock, k1 }
    }

    /// With the key set loaded.
    async fn loaded() -> Self {
        let setup = Self::start().await;
        assert_eq!(setup.send(&setup.token("k1")).await, "accepted");
        assert_eq!(setup.key_server.requests(), 1);
        setup
    }

    /// A good token for a day and a half, signed by `k1` under a name.
    fn token(&self, key_id: &str) -> String {
        let header = json!({ "alg": "RS256", "kid": key_id }).to_string();
        self.k1.token(header, claims(json!({ "exp": NOW + 36 * 3600 })))
    }

    async fn send(&self, token: &str) -> String {
        outcome(authenticate(&self.auth, token).await)
    }

    /// Waits until the server has been asked this often, for fetches that nobody waits for.
    async fn requests_reach(&self, requests: usize) {
        eventually(|| async { self.key_server.requests() >= requests }).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_first_requests_share_one_fetch() {
    let setup = Setup::start().await;
    let mut requests = JoinSet::new();
    for _ in 0..200 {
        let (auth, token) = (setup.auth.clone(), setup.token("k1"));
        requests.spawn(async move { outcome(authenticate(&auth, &token).await) });
    }
    for came in requests.join_all().await {
        assert_eq!(came, "accepted");
    }
    assert_eq!(setup.key_server.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_and_forged_keys_in_a_storm() {
    let setup = Setup::loaded().await;
    let mut suite = Suite::new();

    let forged = Signer::new().token(HEADER, claims(json!({})));
    for _ in 0..200 {
        suite.expect("JWK-22", "forged", setup.send(&forged).await, "signature_invalid".to_owned());
    }
    suite.expect("JWK-22", "fetches", setup.key_server.requests(), 1);

    for (window, fetches) in [(0, 1), (29, 1), (1, 2), (0, 2), (30, 3)] {
        setup.clock.advance(window);
        let mut requests = JoinSet::new();
        for number in 0..1000 {
            let (auth, token) = (setup.auth.clone(), setup.token(&format!("unknown-{number}")));
            requests.spawn(async move { outcome(authenticate(&auth, &token).await) });
        }
        let mut came = requests.join_all().await;
        came.dedup();
        suite.expect("JWK-20", window, came, vec!["key_not_found".to_owned()]);
        suite.expect("JWK-20", ("fetches", window), setup.key_server.requests(), fetches);
    }
    suite.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_comes_in_the_middle_of_a_storm() {
    let setup = Setup::loaded().await;
    let k2 = Signer::new();
    setup.key_server.behave(Behaviour::key_set(&[setup.k1.jwk("k1"), k2.jwk("k2")]));
    setup.clock.advance(30);
    let new = k2.token(r#"{"alg":"RS256","kid":"k2"}"#, claims(json!({ "exp": NOW + 300 })));
    let mut requests = JoinSet::new();
    for number in 0..1000 {
        let unknown = setup.token(&format!("unknown-{number}"));
        let (token, expected) =
            if number % 2 == 0 { (new.clone(), "accepted") } else { (unknown, "key_not_found") };
        let auth = setup.auth.clone();
        requests.spawn(async move { (outcome(authenticate(&auth, &token).await), expected) });
    }
    for (came, expected) in requests.join_all().await {
        assert_eq!(came, expected);
    }
    assert_eq!(setup.key_server.requests(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_so_many_requests_wait_for_a_fetch() {
    const PLACES: usize = 1024;
    let setup = Setup::start().await;
    setup.key_server.behave(Behaviour::HangBeforeHeaders);
    // All requests have to come before the deadline of the fetch: signing each may take longer.
    let token = setup.token("k1");
    let answered = Arc::new(AtomicUsize::new(0));
    let mut requests = JoinSet::new();
    for _ in 0..PLACES + 100 {
        let (auth, token) = (setup.auth.clone(), token.clone());
        let answered = Arc::clone(&answered);
        requests.spawn(async move {
            let came = outcome(authenticate(&auth, &token).await);
            answered.fetch_add(1, Ordering::SeqCst);
            came
        });
    }
    // Those without a place have their answer while the others wait.
    eventually(|| async { answered.load(Ordering::SeqCst) >= 100 }).await;
    assert_eq!(answered.load(Ordering::SeqCst), 100);
    let mut came = requests.join_all().await;
    came.dedup();
    assert_eq!(came, ["keys_unavailable"]);
    assert_eq!(setup.key_server.requests(), 1);
}

#[tokio::test]
async fn a_key_server_that_nobody_can_connect_to() {
    let full = FullPort::open();
    let issuer = Issuer::new(USER_MANAGEMENT, &full.url, CLIENT_ID).name_is_for_this_service();
    let auth = Auth::builder().issuer(issuer).clock(TestClock::new()).build().unwrap();
    let token = Signer::new().token(HEADER, claims(json!({})));
    let came = tokio::time::timeout(Duration::from_secs(60), authenticate(&auth, &token)).await;
    assert_eq!(outcome(came.unwrap()), "keys_unavailable");
}

/// Each token counts for the issuer that it names, whoever has the key.
#[tokio::test]
async fn thirty_issuers_share_one_key_set() {
    let k1 = Signer::new();
    let key_server = KeyServer::start(Behaviour::key_set(&[k1.jwk("k1")])).await;
    let name = |number: usize| format!("https://issuer-{number}.test/");
    let mut builder = Auth::builder().clock(TestClock::new());
    for number in 0..30 {
        let audience = format!("api-{number}");
        builder = builder.issuer(Issuer::new(name(number), &key_server.url, audience));
    }
    let auth = builder.build().unwrap();
    for number in 0..31 {
        for audience in [number, (number + 1) % 30] {
            let claims = json!({ "iss": name(number), "aud": format!("api-{audience}") });
            let token = k1.token(HEADER, super::fixture::claims(claims));
            let expected = match (number, audience == number) {
                (30, _) => "issuer_unknown",
                (_, true) => "accepted",
                (_, false) => "audience_mismatch",
            };
            assert_eq!(outcome(authenticate(&auth, &token).await), expected, "{number} {audience}");
        }
    }
    assert_eq!(key_server.requests(), 1);
}

#[tokio::test]
async fn a_key_set_that_never_loads() {
    let setup = Setup::start().await;
    let mut suite = Suite::new();
    setup.key_server.behave(Behaviour::Close);
    let token = setup.token("k1");
    let mut fetches = 0;
    for pause in [1, 2, 4, 8, 16, 32, 60, 60] {
        fetches += 1;
        for _ in 0..5 {
            let error = authenticate(&setup.auth, &token).await.unwrap_err();
            suite.expect("JWK-23", pause, error.code().as_str(), "keys_unavailable");
            let response = error.to_response();
            suite.expect("JWK-23", pause, response.status().as_u16(), 503);
            suite.expect("JWK-23", pause, response.headers().contains_key("retry-after"), true);
            suite.expect(
                "JWK-23",
                pause,
                response.headers().contains_key("www-authenticate"),
                false,
            );
        }
        suite.expect("JWK-23", ("fetches", pause), setup.key_server.requests(), fetches);
        setup.clock.advance(pause);
    }

    // The server comes up, and nobody has to restart anything.
    setup.key_server.behave(Behaviour::key_set(&[setup.k1.jwk("k1")]));
    suite.expect("JWK-23", "recovered", setup.send(&token).await, "accepted".to_owned());
    suite.finish();
}

#[tokio::test]
async fn an_outage_after_a_good_load() {
    let setup = Setup::loaded().await;
    let mut suite = Suite::new();
    let token = setup.token("k1");
    setup.key_server.behave(Behaviour::answer("500 Internal Server Error", "", b""));

    // Ten minutes fresh and an hour stale, less a second; then no longer.
    for minutes in 1..70 {
        setup.clock.advance(60);
        suite.expect("JWK-24", minutes, setup.send(&token).await, "accepted".to_owned());
    }
    setup.clock.advance(59);
    suite.expect("JWK-24", "the last second", setup.send(&token).await, "accepted".to_owned());
    setup.clock.advance(1);
    suite.expect("JWK-24", "too old", setup.send(&token).await, "keys_unavailable".to_owned());
    let asked = setup.key_server.requests();
    suite.expect("JWK-24", ("at most one fetch a minute", asked), asked <= 65, true);

    setup.key_server.behave(Behaviour::key_set(&[setup.k1.jwk("k1")]));
    setup.clock.advance(60);
    suite.expect("JWK-24", "recovered", setup.send(&token).await, "accepted".to_owned());
    suite.finish();
}

#[tokio::test]
async fn rotation_and_withdrawal() {
    let setup = Setup::loaded().await;
    let k2 = Signer::new();
    let header = r#"{"alg":"RS256","kid":"k2"}"#;
    let new = k2.token(header, claims(json!({ "exp": NOW + 36 * 3600 })));
    setup.key_server.behave(Behaviour::key_set(&[setup.k1.jwk("k1"), k2.jwk("k2")]));

    assert_eq!(setup.send(&new).await, "key_not_found", "within the cooldown");
    setup.clock.advance(30);
    assert_eq!(setup.send(&new).await, "accepted", "at once after it");
    assert_eq!(setup.send(&setup.token("k1")).await, "accepted", "and the old one still");
    assert_eq!(setup.key_server.requests(), 2);

    // Withdrawn: gone with the next set, which is fetched beside a request when it is due.
    setup.key_server.behave(Behaviour::key_set(&[k2.jwk("k2")]));
    setup.clock.advance(480);
    assert_eq!(setup.send(&new).await, "accepted");
    setup.requests_reach(3).await;
    let old = setup.token("k1");
    eventually(|| async { setup.send(&old).await == "key_not_found" }).await;
    assert_eq!(setup.key_server.requests(), 3);
}

#[tokio::test]
async fn a_new_key_under_an_old_name() {
    let setup = Setup::loaded().await;
    let k2 = Signer::new();
    setup.key_server.behave(Behaviour::key_set(&[k2.jwk("k1")]));
    let new = k2.token(HEADER, claims(json!({ "exp": NOW + 36 * 3600 })));
    assert_eq!(setup.send(&new).await, "signature_invalid");
    assert_eq!(setup.key_server.requests(), 1, "a bad signature is no reason to fetch");

    setup.clock.advance(480);
    setup.send(&new).await;
    setup.requests_reach(2).await;
    eventually(|| async { setup.send(&new).await == "accepted" }).await;
    assert_eq!(setup.send(&setup.token("k1")).await, "signature_invalid");
    assert_eq!(setup.key_server.requests(), 2);
}

/// Whatever the server does, the fetch fails in bounded time and space, is not repeated within the
/// cooldown, and keys that are there stay in use.
#[tokio::test(flavor = "multi_thread")]
async fn every_misbehaviour_is_a_failed_fetch() {
    let elsewhere = KeyServer::start(Behaviour::key_set(&[Signer::new().jwk("evil")])).await;
    let good = json!({ "keys": [Signer::new().jwk("k9")] }).to_string();
    let redirect =
        |status, target: &str| Behaviour::answer(status, &format!("location: {target}\r\n"), b"");
    let gzip = "content-type: application/json\r\ncontent-encoding: gzip\r\n";
    let gzip_bomb = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &[0; 50 * 1024]].concat();
    let megabytes = vec![b' '; 10 * 1024 * 1024];
    let cases = [
        ("JWK-12", "500", Behaviour::answer("500 Internal Server Error", "", good.as_bytes())),
        ("JWK-12", "204", Behaviour::answer("204 No Content", "", b"")),
        ("JWK-12", "404", Behaviour::answer("404 Not Found", "", good.as_bytes())),
        ("JWK-12", "truncated", Behaviour::Truncate(good.clone().into_bytes())),
        ("JWK-12", "closed", Behaviour::Close),
        ("JWK-12", "reset", Behaviour::Reset),
        ("JWK-14", "301", redirect("301 Moved Permanently", &elsewhere.url)),
        ("JWK-14", "302", redirect("302 Found", &elsewhere.url)),
        ("JWK-14", "307", redirect("307 Temporary Redirect", &elsewhere.url)),
        ("JWK-14", "307 to a file", redirect("307 Temporary Redirect", "file:///etc/passwd")),
        (
            "JWK-16",
            "10 MiB",
            Behaviour::answer("200 OK", "content-type: application/json\r\n", &megabytes),
        ),
        ("JWK-16", "endless", Behaviour::Endless),
        ("JWK-17", "gzip", Behaviour::answer("200 OK", gzip, &gzip_bomb)),
        ("JWK-19", "silent", Behaviour::HangBeforeHeaders),
        ("JWK-19", "silent in the body", Behaviour::HangBeforeBody),
        ("JWK-19", "drip", Behaviour::Drip),
    ];
    let mut runs = JoinSet::new();
    for (id, case, behaviour) in cases {
        let setup = Setup::loaded().await;
        runs.spawn(async move { (id, case, misbehave(setup, behaviour).await) });
    }
    let mut suite = Suite::new();
    for (id, case, came) in runs.join_all().await {
        suite.expect(id, case, came, Vec::<String>::new());
    }
    suite.expect("JWK-14", "followed", elsewhere.requests(), 0);
    suite.finish();
}

/// What is not as promised.
async fn misbehave(setup: Setup, behaviour: Behaviour) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut check = |what: &str, holds: bool| {
        if !holds {
            wrong.push(what.to_owned());
        }
    };
    setup.key_server.behave(behaviour);
    setup.clock.advance(30);

    // While the fetch is under way, a request whose key is there does not wait for it.
    let (auth, unknown) = (setup.auth.clone(), setup.token("unknown"));
    let waiting = tokio::spawn(async move { outcome(authenticate(&auth, &unknown).await) });
    setup.requests_reach(2).await;
    check("a known key beside the fetch", setup.send(&setup.token("k1")).await == "accepted");

    // The deadline is 5 seconds; this one is for a test that would hang without it.
    let ended = tokio::time::timeout(Duration::from_secs(60), waiting).await;
    check("an unknown key", matches!(ended, Ok(Ok(came)) if came == "keys_unavailable"));
    check("no further fetch", setup.send(&setup.token("unknown")).await == "keys_unavailable");
    check("one fetch", setup.key_server.requests() == 2);
    check("a known key after the fetch", setup.send(&setup.token("k1")).await == "accepted");
    wrong
}

#[tokio::test]
async fn the_largest_body_is_256_kib() {
    let setup = Setup::start().await;
    let key_set = json!({ "keys": [setup.k1.jwk("k1")] }).to_string();
    for (len, expected) in [(256 * 1024 + 1, "keys_unavailable"), (256 * 1024, "accepted")] {
        let body = format!("{key_set}{}", " ".repeat(len - key_set.len()));
        setup.key_server.behave(Behaviour::json(&body));
        setup.clock.advance(60);
        assert_eq!(setup.send(&setup.token("k1")).await, expected, "{len}");
    }
}

#[tokio::test]
async fn whoever_hangs_up_does_not_break_off_the_fetch() {
    let setup = Setup::start().await;
    setup.key_server.behave(Behaviour::HangBeforeHeaders);
    for _ in 0..20 {
        let (auth, token) = (setup.auth.clone(), setup.token("k1"));
        let waiting = tokio::spawn(async move { authenticate(&auth, &token).await.map(drop) });
        setup.requests_reach(1).await;
        waiting.abort();
    }
    assert_eq!(setup.key_server.requests(), 1);
}

#[tokio::test]
async fn setting_the_time_of_day_fetches_nothing() {
    let setup = Setup::loaded().await;
    for now in [NOW + 3600, NOW - 3600, NOW + 24 * 3600, NOW] {
        setup.clock.set(now);
        setup.send(&setup.token("k1")).await;
        assert_eq!(setup.send(&setup.token("unknown")).await, "key_not_found");
    }
    assert_eq!(setup.send(&setup.token("k1")).await, "accepted");
    assert_eq!(setup.key_server.requests(), 1);
}

#[tokio::test]
async fn a_server_starts_before_its_issuer() {
    let setup = Setup::start().await;
    setup.key_server.behave(Behaviour::Close);
    let error = setup.auth.ready().await.unwrap_err().to_string();
    assert!(error.contains(&setup.key_server.url), "{error}");
    assert_eq!(setup.send(&setup.token("k1")).await, "keys_unavailable");

    setup.key_server.behave(Behaviour::key_set(&[setup.k1.jwk("k1")]));
    setup.clock.advance(60);
    assert_eq!(setup.send(&setup.token("k1")).await, "accepted");
    assert!(setup.auth.ready().await.is_ok());
}
