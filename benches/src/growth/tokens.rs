//! Many verified tokens in the cache.

use anyhow::{Context, ensure};
use auth_core::Auth;
use auth_core::issuer::Issuer;
use auth_core::token::Algorithm;
use http::HeaderMap;

use super::{flat, growing};
use crate::harness::{Case, Outcome, Side};
use crate::ours::{self, NO_CACHE, accepts, at_once, in_turn};
use crate::workload::{AUDIENCE, ISSUER, SigningKey, key_set, many};

const TOKENS: [usize; 5] = [10, 100, 1_000, 10_000, 100_000];

/// Enough for all of them.
const LARGE_CACHE: usize = 1024 * 1024 * 1024;

/// Enough for few of them.
const SMALL_CACHE: usize = 1024 * 1024;

const SIGNED: &str = "Signed with Ed25519, since RSA would take a minute to sign so many. It makes no \
                      difference to a hit; a verification costs more than with RSA.";

/// The requests of many callers.
pub(super) struct Tokens {
    key_set: String,
    headers: Vec<HeaderMap>,
}

impl Tokens {
    pub(super) fn new() -> anyhow::Result<Self> {
        let key = SigningKey::ed25519("key_01")?;
        let most = TOKENS.into_iter().max().context("no number of tokens")?;
        let headers = many(&key, ISSUER, most)?;
        Ok(Self { key_set: key_set(&[key, SigningKey::ed25519("key_02")?]), headers })
    }

    pub(super) fn auth(&self, cache: usize) -> anyhow::Result<Auth> {
        let issuer = Issuer::new(ISSUER, "https://api.workos.com/sso/jwks", AUDIENCE);
        let issuer = issuer.signs_with(Algorithm::EdDsa);
        ours::ready(ours::builder(cache, &self.key_set).issuer(issuer))
    }

    pub(super) fn first(&self, count: usize) -> anyhow::Result<&[HeaderMap]> {
        self.headers.get(..count).context("fewer tokens than wanted")
    }
}

pub(super) fn run(outcome: Outcome, tokens: &Tokens, rounds: usize) -> anyhow::Result<Outcome> {
    let auths = TOKENS.map(|count| filled(tokens, count));
    let auths = auths.into_iter().collect::<anyhow::Result<Vec<_>>>()?;

    let mut one = Vec::new();
    let mut walking = Vec::new();
    for (count, auth) in TOKENS.into_iter().zip(&auths) {
        let name = format!("{count} tokens");
        let cached = tokens.first(count)?;
        let first = cached.first().context("no token")?;
        let what = "one token again and again, among so many in the cache";
        one.push(Case::timed(&name, what, Side::Ours, || at_once(auth.authenticate(first))));

        let what = "so many tokens in turn, all in the cache";
        walking.push(Case::timed(&name, what, Side::Ours, in_turn(auth, cached)));
    }
    let outcome =
        flat(outcome, "growth-tokens-hot", "Tokens in the cache, one of them hot", rounds, one)?;
    let walking = growing("Tokens in the cache, in turn", rounds, walking)?.note(
        "This is what memory takes and not what a search takes (see the table before): a hit \
         reads the whole token twice, in the request and in the cache, and what the cores' own \
         caches do not hold comes from further away.",
    );
    let cold = growing("New tokens", rounds, cold(tokens, &auths_for_new(tokens)?)?)?;
    Ok(outcome.table(walking.note(SIGNED)).table(cold.note(SIGNED)))
}

/// So many tokens are in its cache.
fn filled(tokens: &Tokens, count: usize) -> anyhow::Result<Auth> {
    let auth = tokens.auth(LARGE_CACHE)?;
    for headers in tokens.first(count)? {
        ensure!(accepts(&auth, headers), "a token is refused");
    }
    Ok(auth)
}

fn auths_for_new(tokens: &Tokens) -> anyhow::Result<[Auth; 2]> {
    Ok([tokens.auth(NO_CACHE)?, tokens.auth(SMALL_CACHE)?])
}

fn cold<'a>(tokens: &'a Tokens, auths: &'a [Auth; 2]) -> anyhow::Result<Vec<Case<'a>>> {
    let [without, small] = auths;
    let walk = |name: &str, what: &str, auth: &'a Auth, headers: &'a [HeaderMap]| {
        Case::timed(name, what, Side::Ours, in_turn(auth, headers))
    };
    let all = tokens.headers.as_slice();
    Ok(vec![
        walk("10 tokens, no cache", "every one verified every time", without, tokens.first(10)?),
        walk("all tokens, no cache", "every one verified every time", without, all),
        walk(
            "all tokens, a cache for few",
            "every one verified, put into a full cache, and gone when it comes again",
            small,
            all,
        ),
    ])
}
