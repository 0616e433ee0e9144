//! Many issuers, each with a key set of its own.

use anyhow::{Context, ensure};
use auth_core::Auth;
use auth_core::issuer::Issuer;

use super::flat;
use crate::harness::{Case, Outcome, Side};
use crate::ours::{self, CACHE, NO_CACHE, accepts, at_once};
use crate::workload::{AUDIENCE, SigningKey, bearer, claims, key_set};

const ISSUERS: [usize; 3] = [2, 8, 32];

pub(super) fn run(mut outcome: Outcome, rounds: usize) -> anyhow::Result<Outcome> {
    let keys = [SigningKey::rsa("key_01")?, SigningKey::rsa("key_02")?];
    let (key_set, [_, key]) = (key_set(&keys), &keys);
    // The last one of each configuration issues.
    let headers = ISSUERS.map(|count| {
        bearer(&key.sign(&claims(&name(count - 1), "user_01HZX3BA7B8C9D0E1F2G3H4J5K"))?)
    });
    let headers = headers.into_iter().collect::<anyhow::Result<Vec<_>>>()?;

    for (state, cache) in [("cold", NO_CACHE), ("hot", CACHE)] {
        let auths = ISSUERS.map(|count| with_issuers(count, cache, &key_set));
        let auths = auths.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
        let mut cases = Vec::new();
        for ((count, auth), headers) in ISSUERS.iter().zip(&auths).zip(&headers) {
            ensure!(accepts(auth, headers), "the token is refused");
            let what = "the issuer of the token is the last that is configured";
            let call = || at_once(auth.authenticate(headers));
            cases.push(Case::timed(format!("{count} issuers"), what, Side::Ours, call));
        }
        let title = format!("Issuers, {state}");
        let target = format!("growth-issuers-{state}");
        outcome = flat(outcome, &target, &title, rounds, cases)?;
    }
    Ok(outcome)
}

fn name(number: usize) -> String {
    format!("https://issuer-{number:02}.example.com/")
}

fn with_issuers(count: usize, cache: usize, key_set: &str) -> anyhow::Result<Auth> {
    let issuers = (0..count).map(|number| {
        let name = name(number);
        let key_set_url = format!("{name}jwks");
        Issuer::new(name, key_set_url, AUDIENCE)
    });
    let builder = issuers.fold(ours::builder(cache, key_set), |builder, it| builder.issuer(it));
    ours::ready(builder).context("issuers")
}
