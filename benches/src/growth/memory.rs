//! How much memory the cache takes at most, to what it may take.

use anyhow::ensure;

use super::tokens::Tokens;
use crate::harness::{Measured, Outcome, Side, Table, Target, Unit, peak_bytes};
use crate::ours::{NO_CACHE, accepts};

const MIB: usize = 1024 * 1024;

const STATED: [usize; 3] = [MIB, 8 * MIB, 32 * MIB];

/// How many tokens pass through: some times as many as the largest cache can keep.
const TOKENS: usize = 40_000;

/// Enough to see what a request takes for a moment.
const FEW: usize = 100;

pub(super) fn run(outcome: Outcome, tokens: &Tokens) -> anyhow::Result<Outcome> {
    let at_rest = peak(tokens, FEW, NO_CACHE)?;
    let mut measured = Vec::new();
    let mut worst = 0.0_f64;
    for stated in STATED {
        let bytes = peak(tokens, TOKENS, stated)? - at_rest;
        let part = bytes / stated as f64;
        ensure!(part > 0.25, "a cache of {stated} bytes keeps next to nothing: {bytes} bytes");
        worst = worst.max(part);
        measured.push(Measured {
            name: format!("{} MiB", stated / MIB),
            what: format!("the peak while {} tokens go in", TOKENS),
            side: Side::Ours,
            samples: vec![bytes],
            allocations: None,
        });
    }
    let mut table = Table::new("Memory of a cache of so many bytes", Unit::Bytes, &measured);
    for (case, stated) in measured.iter().zip(STATED) {
        table.add(&case.name, "stated", stated)?;
    }
    let table = table.note(
        "Bytes that are asked of the allocator, less those that requests take without a cache. \
         What the allocator itself takes to keep its books is not seen.",
    );
    let target = Target::at_most("growth-memory", worst, 1.0, "× the stated bytes");
    Ok(outcome.target(target).table(table))
}

/// By how much this thread's memory grows while so many tokens pass through, from no `Auth` on.
fn peak(tokens: &Tokens, count: usize, cache: usize) -> anyhow::Result<f64> {
    let (passed, bytes) = peak_bytes(|| -> anyhow::Result<()> {
        let auth = tokens.auth(cache)?;
        for headers in tokens.first(count)? {
            ensure!(accepts(&auth, headers), "a token is refused");
        }
        Ok(())
    })?;
    passed?;
    Ok(bytes)
}
