//! What an attribute costs at compile time.

use clap::Args;

use crate::harness::Outcome;

#[derive(Args)]
pub(crate) struct Options {}

pub(crate) fn run(_: &Options) -> anyhow::Result<Outcome> {
    anyhow::bail!("not there yet")
}
