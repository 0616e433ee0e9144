//! Requests that are refused before any signature is checked.

use std::time::{Duration, SystemTime};

use anyhow::ensure;
use auth_core::{Clock, Code, SystemClock};
use http::HeaderMap;
use serde_json::json;

use super::Subject;
use crate::harness::{Case, Outcome, Side, Table, Target, Unit, alternate};
use crate::ours::{self, CACHE, at_once};
use crate::workload::{ISSUER, SigningKey, bearer, claims, encode};

/// What a refusal may take, in microseconds.
const LIMIT: f64 = 1.0;

struct Refusal {
    name: &'static str,
    what: &'static str,
    headers: HeaderMap,
    /// `None` if there is no error, and nobody either.
    code: Option<Code>,
}

/// Time that passes slowly for whoever waits for a fetch to be due: a stranger's key id would
/// cause one in the middle of a run. It is read as the machine's clock is.
#[derive(Default)]
struct SlowClock(SystemClock);

impl Clock for SlowClock {
    fn now(&self) -> SystemTime {
        self.0.now()
    }

    fn monotonic(&self) -> Duration {
        self.0.monotonic() / 1_000
    }
}

pub(super) fn run(outcome: Outcome, subject: &Subject, rounds: usize) -> anyhow::Result<Outcome> {
    let auth = ours::workos(CACHE, &subject.key_set).clock(SlowClock::default());
    let auth = ours::ready(auth)?;
    let refusals = refusals(subject)?;
    for Refusal { name, headers, code, .. } in &refusals {
        let came = at_once(auth.authenticate(headers));
        let expected = match (&came, code) {
            (Some(Err(error)), Some(code)) => error.code() == *code,
            (Some(Ok(None)), None) => true,
            _ => false,
        };
        ensure!(expected, "{name} comes to {came:?}");
    }

    let cases = refusals.iter().map(|refusal| {
        let call = || at_once(auth.authenticate(&refusal.headers));
        Case::timed(refusal.name, refusal.what, Side::Ours, call)
    });
    let measured = alternate(rounds, cases.collect())?;
    let title = "Refused before any signature is checked";
    let table = Table::new(title, Unit::Microseconds, &measured);
    let targets = measured.iter().map(|case| {
        Target::at_most(format!("verify-refused-{}", case.name), case.median(), LIMIT, "µs")
    });
    Ok(targets.fold(outcome, Outcome::target).table(table))
}

fn refusals(subject: &Subject) -> anyhow::Result<[Refusal; 4]> {
    let claims = claims(ISSUER, "user_01HZX3BA7B8C9D0E1F2G3H4J5K");
    let stranger = SigningKey::rsa("key_nobody_knows")?;
    let header = json!({ "alg": "HS256", "kid": "key_02", "typ": "JWT" });
    let payload = encode(claims.to_string());
    let wrong_alg = format!("{}.{payload}.{}", encode(header.to_string()), encode([0; 32]));
    Ok([
        Refusal {
            name: "no-credential",
            what: "a request without `Authorization`",
            headers: HeaderMap::new(),
            code: None,
        },
        Refusal {
            name: "malformed",
            what: "a token of two segments, as long as a good one",
            headers: bearer(&subject.token.replacen('.', "-", 1))?,
            code: Some(Code::TokenMalformed),
        },
        Refusal {
            name: "unknown-kid",
            what: "a key id that no key has, while no new fetch is due",
            headers: bearer(&stranger.sign(&claims)?)?,
            code: Some(Code::KeyNotFound),
        },
        Refusal {
            name: "wrong-alg",
            what: "`alg` is HS256, the rest is good",
            headers: bearer(&wrong_alg)?,
            code: Some(Code::AlgorithmNotAllowed),
        },
    ])
}
