//! What becomes of the times when there are many keys, many issuers and many tokens, and how much
//! memory they take.

mod issuers;
mod keys;
mod memory;
mod tokens;

use anyhow::Context;
use clap::Args;

use crate::harness::{Case, Outcome, Table, Target, Unit, alternate};

/// The most that the last case of a table may take, to the first, to be called flat.
const FLAT: f64 = 1.2;

#[derive(Args)]
pub(crate) struct Options {
    /// How often every case has its turn.
    #[arg(long, default_value_t = 41)]
    rounds: usize,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<Outcome> {
    let question = "Is a request as fast with many keys, issuers and tokens as with few, and does \
                    the cache of verified tokens keep to its bytes?";
    let outcome = Outcome::new("growth", question, &["auth-core", "aws-lc-rs"])?;
    let outcome = keys::run(outcome, options.rounds)?;
    let outcome = issuers::run(outcome, options.rounds)?;
    let tokens = tokens::Tokens::new()?;
    let outcome = tokens::run(outcome, &tokens, options.rounds)?;
    memory::run(outcome, &tokens)
}

/// A table of cases from few to many. All are to be as fast as the first.
fn flat(
    outcome: Outcome,
    target: &str,
    title: &str,
    rounds: usize,
    cases: Vec<Case<'_>>,
) -> anyhow::Result<Outcome> {
    let table = growing(title, rounds, cases)?;
    let ratio = table.rows.last().and_then(|row| row.ratio).context("no case")?;
    let few = table.baseline.clone().context("no case")?;
    let target = Target::at_most(target, ratio, FLAT, format!("× {few}"));
    Ok(outcome.target(target).table(table))
}

/// A table of cases from few to many.
fn growing(title: &str, rounds: usize, cases: Vec<Case<'_>>) -> anyhow::Result<Table> {
    let measured = alternate(rounds, cases)?;
    let few = measured.first().context("no case")?;
    Table::new(title, Unit::Microseconds, &measured).relative_to(&few.name, &measured)
}
