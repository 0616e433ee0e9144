//! How fast the guards are, beside the limit and beside what else one could pick.
//!
//! Every benchmark makes an [`Outcome`]: tables, the machine and the versions they were made with,
//! and targets. Timing is never a failure: a target that is missed is said to be `short`, and the
//! program succeeds.

mod harness;
mod workload;
mod ours;
mod peers;
mod verify;
mod serve;
mod server;
mod compile;
mod storm;
mod growth;
mod report;

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use harness::{CountingAllocator, Outcome};

#[global_allocator]
static ALLOCATOR: CountingAllocator = harness::counting_allocator();

#[derive(Parser)]
#[command(about = "How fast the guards are, beside the limit and beside what else one could pick")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Where to write what is printed, for `report` [default: results/<COMMAND>.json].
    #[arg(long, global = true, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// One verification, in process.
    Verify(verify::Options),
    /// Requests per second, end to end.
    Serve(serve::Options),
    /// What an attribute costs at compile time.
    Compile(compile::Options),
    /// Strangers with invented key ids, and a key server that hangs.
    Storm(storm::Options),
    /// Many keys, many issuers, many tokens.
    Growth(growth::Options),
    /// A service that `serve` measures.
    #[command(hide = true)]
    Server(server::Options),
    /// Makes a page with charts, and `BENCHMARKS.md`, of what the others have written.
    Report(report::Options),
}

fn main() -> anyhow::Result<()> {
    let Arguments { command, json } = Arguments::parse();
    let outcome: Outcome = match command {
        Command::Verify(options) => verify::run(&options)?,
        Command::Serve(options) => serve::run(&options)?,
        Command::Compile(options) => compile::run(&options)?,
        Command::Storm(options) => storm::run(&options)?,
        Command::Growth(options) => growth::run(&options)?,
        Command::Server(options) => return server::run(&options),
        Command::Report(options) => return report::run(&options),
    };
    print!("{outcome}");
    outcome.write(&json.unwrap_or_else(|| report::results().join(format!("{}.json", outcome.name))))
}
