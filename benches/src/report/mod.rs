//! A page with charts, `BENCHMARKS.md` and the README's picture, of what the benchmarks have said.

mod chart;
mod page;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::Args;

use crate::harness::Outcome;

const PREFACE: &str = "\
# Benchmarks

Written by `cargo xtask bench report` from what `cargo xtask bench` has measured. Absolute times are
those of one machine at one time; what carries over are ratios, each of which is of cases that took
turns in one run. A column `to ..` is the median of the rounds' own ratios, so it need not be the
quotient of the medians beside it.
";

/// The order of the sections.
const ORDER: [&str; 5] = ["verify", "serve", "compile", "storm", "growth"];

#[derive(Args)]
pub(crate) struct Options {
    /// What the benchmarks have written [default: all in `benches/results`].
    files: Vec<PathBuf>,
    /// Where the page goes [default: `benches/results/report.html`].
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Where the tables go [default: `BENCHMARKS.md`].
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Where the README's picture goes [default: `docs/src/images/verify.svg`].
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
}

/// Where outcomes are kept between runs.
pub(crate) fn results() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("results")
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let files =
        if options.files.is_empty() { json_files(&results())? } else { options.files.clone() };
    ensure!(!files.is_empty(), "there are no results; `cargo xtask bench` makes them");
    let outcomes = files.iter().map(|file| Outcome::read(file));
    let mut outcomes = outcomes.collect::<anyhow::Result<Vec<_>>>()?;
    outcomes.sort_by_key(|outcome| ORDER.iter().position(|name| *name == outcome.name));

    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let markdown = options.markdown.clone().unwrap_or_else(|| repository.join("BENCHMARKS.md"));
    let sections = outcomes.iter().map(Outcome::to_markdown);
    let sections = sections.collect::<Result<Vec<_>, _>>()?;
    write(&markdown, &format!("{PREFACE}\n{}", sections.join("\n")))?;

    if let Some(svg) = verify_chart(&outcomes)? {
        let picture = options.picture.clone();
        write(&picture.unwrap_or_else(|| repository.join("docs/src/images/verify.svg")), &svg)?;
    }

    let html = options.html.clone().unwrap_or_else(|| results().join("report.html"));
    write(&html, &page::render(&outcomes)?)
}

/// What a token costs, everybody at their best: the first table of `verify`.
fn verify_chart(outcomes: &[Outcome]) -> anyhow::Result<Option<String>> {
    let verify = outcomes.iter().find(|outcome| outcome.name == "verify");
    let Some(table) = verify.and_then(|outcome| outcome.tables.first()) else { return Ok(None) };
    chart::svg(table, chart::Scheme::Light)
}

fn json_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| {
        format!("{} is not there; `cargo xtask bench` makes it", folder.display())
    })?;
    let files = entries.map(|entry| entry.map(|entry| entry.path()));
    let files = files.collect::<Result<Vec<_>, _>>()?;
    Ok(files.into_iter().filter(|file| file.extension().is_some_and(|it| it == "json")).collect())
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| path.display().to_string())?;
    println!("{}", path.display());
    Ok(())
}
