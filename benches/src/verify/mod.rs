//! One verification, in process: our side, the limit and the peers, each through what its users
//! call, on the same token.

mod accepted;
mod ours;
mod peers;
mod raw;
mod refused;
mod session;
mod two_threads;

use std::env;
use std::process::{self, Command, Stdio};

use anyhow::{Context, ensure};
use clap::Args;
use http::HeaderMap;

use crate::harness::Outcome;
use crate::peers::Crypto;
use crate::workload::{ISSUER, SigningKey, bearer, claims, key_set};

/// The packages that take part.
const PACKAGES: [&str; 6] = [
    "auth-core",
    "aws-lc-rs",
    "jsonwebtoken",
    "axum-jwt-auth",
    "jwt-authorizer",
    "tower-oauth2-resource-server",
];

#[derive(Args)]
pub(crate) struct Options {
    /// What `jsonwebtoken` verifies RSA with, which is one for a process. Without it, both: the
    /// second in a process of its own.
    #[arg(long)]
    crypto: Option<Crypto>,
    /// How often every case has its turn.
    #[arg(long, default_value_t = 61)]
    rounds: usize,
}

/// What all cases verify.
struct Subject {
    keys: [SigningKey; 2],
    key_set: String,
    token: String,
    headers: HeaderMap,
}

impl Subject {
    fn new() -> anyhow::Result<Self> {
        let keys = [SigningKey::rsa("key_01")?, SigningKey::rsa("key_02")?];
        let [_, key] = &keys;
        let token = key.sign(&claims(ISSUER, "user_01HZX3BA7B8C9D0E1F2G3H4J5K"))?;
        let headers = bearer(&token)?;
        Ok(Self { key_set: key_set(&keys), token, headers, keys })
    }

    /// The key that signs.
    fn key(&self) -> &SigningKey {
        let [_, key] = &self.keys;
        key
    }

    /// The headers with a token whose signature begins with another character.
    fn forged(&self) -> anyhow::Result<HeaderMap> {
        let (start, signature) = self.token.rsplit_once('.').context("no signature")?;
        let (_, rest) = signature.split_at(1);
        let first = if signature.starts_with('A') { 'B' } else { 'A' };
        bearer(&format!("{start}.{first}{rest}"))
    }

    /// Whoever takes part accepts the good token and refuses the forged one: what does not, would
    /// be measured at something else.
    fn try_out(
        &self,
        name: &str,
        mut accepts: impl FnMut(&HeaderMap) -> bool,
    ) -> anyhow::Result<()> {
        ensure!(accepts(&self.headers), "{name} refuses the good token");
        ensure!(!accepts(&self.forged()?), "{name} accepts a forged token");
        Ok(())
    }
}

pub(crate) fn run(options: &Options) -> anyhow::Result<Outcome> {
    let question = "How long does it take to know who sends a request? Every case is one call \
                    with the request's headers, as a service makes it.";
    let mut outcome = Outcome::new("verify", question, &PACKAGES)?;
    let subject = Subject::new()?;
    if options.crypto == Some(Crypto::RustCrypto) {
        Crypto::RustCrypto.install()?;
        return Ok(outcome.table(accepted::as_shipped(&subject, options.rounds)?));
    }

    Crypto::AwsLc.install()?;
    outcome = accepted::at_their_best(outcome, &subject, options.rounds)?;
    if options.crypto.is_none() {
        let other = in_a_process_of_its_own(options.rounds)?;
        outcome.tables.extend(other.tables);
    }
    refused::run(outcome, &subject, options.rounds)
}

fn in_a_process_of_its_own(rounds: usize) -> anyhow::Result<Outcome> {
    let json = env::temp_dir().join(format!("auth-benches-{}.json", process::id()));
    let mut command = Command::new(env::current_exe()?);
    command.args(["verify", "--crypto", "rust-crypto", "--rounds", &rounds.to_string(), "--json"]);
    let status = command.arg(&json).stdout(Stdio::null()).status()?;
    ensure!(status.success(), "the run with RustCrypto ended with {status}");
    let outcome = Outcome::read(&json);
    std::fs::remove_file(&json)?;
    outcome
}
