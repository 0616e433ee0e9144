//! A page with charts, and `BENCHMARKS.md`, of what the benchmarks have said.

use std::path::{Path, PathBuf};

use clap::Args;

#[derive(Args)]
pub(crate) struct Options {}

pub(crate) fn run(_: &Options) -> anyhow::Result<()> {
    anyhow::bail!("not there yet")
}

/// Where outcomes are kept between runs.
pub(crate) fn results() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("results")
}
