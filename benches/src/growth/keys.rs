//! Many keys in a set.

use std::thread;

use anyhow::{Context, anyhow, ensure};
use auth_core::Auth;

use super::flat;
use crate::harness::{Case, Outcome, Side};
use crate::ours::{self, CACHE, NO_CACHE, accepts, at_once};
use crate::workload::{ISSUER, SigningKey, bearer, claims, key_set};

/// The last is the most that a set may have.
const KEYS: [usize; 3] = [2, 16, 64];

pub(super) fn run(mut outcome: Outcome, rounds: usize) -> anyhow::Result<Outcome> {
    let most = KEYS.into_iter().max().context("no number of keys")?;
    let keys = rsa_keys(most)?;
    let signing = keys.last().context("no key")?;
    let headers = bearer(&signing.sign(&claims(ISSUER, "user_01HZX3BA7B8C9D0E1F2G3H4J5K"))?)?;

    for (state, cache) in [("cold", NO_CACHE), ("hot", CACHE)] {
        let auths = KEYS.map(|count| with_last_of(&keys, count, cache));
        let auths = auths.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
        for auth in &auths {
            ensure!(accepts(auth, &headers), "the token is refused");
        }
        let headers = &headers;
        let cases = KEYS.iter().zip(&auths).map(|(count, auth)| {
            let what = "the key that has signed is the last of its set";
            Case::timed(format!("{count} keys"), what, Side::Ours, move || {
                at_once(auth.authenticate(headers))
            })
        });
        let title = format!("Keys in a set, {state}");
        let target = format!("growth-keys-{state}");
        outcome = flat(outcome, &target, &title, rounds, cases.collect())?;
    }
    Ok(outcome)
}

/// Has so many keys in its set, the last of which is the last of all.
fn with_last_of(keys: &[SigningKey], count: usize, cache: usize) -> anyhow::Result<Auth> {
    let set = keys.get(keys.len() - count..).context("fewer keys than wanted")?;
    ours::ready(ours::workos(cache, &key_set(set)))
}

fn rsa_keys(count: usize) -> anyhow::Result<Vec<SigningKey>> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|first| {
                let ids = (first..count).step_by(threads);
                scope.spawn(move || {
                    ids.map(|id| SigningKey::rsa(&format!("key_{id:02}"))).collect::<Vec<_>>()
                })
            })
            .collect();
        let parts = parts.into_iter().map(|part| part.join().map_err(|_| anyhow!("a panic")));
        parts.collect::<anyhow::Result<Vec<_>>>()?.into_iter().flatten().collect()
    })
}
