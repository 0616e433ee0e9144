//! The project's chores: `cargo xtask <command>`.

mod attacks;
mod bench;
mod built;
mod clients;
mod cluster;
mod command;
mod docs;
mod e2e;
mod example;
mod fuzz;
mod installed;
mod mutants;
mod npm;
mod page;
mod publish;
mod release;
mod running;
mod step;
mod stores;
mod supply_chain;
mod vectors;
mod verdicts;

use std::process::ExitCode;

use clap::Parser;

use crate::command::cargo;
use crate::step::Step;

#[derive(Parser)]
#[command(bin_name = "cargo xtask", about = "The project's chores")]
enum Command {
    /// Checks everything: formatting, lints, documentation, tests, the example, real clients.
    Test,
    /// Sends every attack of the list, and prints a line for each.
    Attacks,
    /// Runs other people's test vectors, and prints a line for each source.
    Vectors,
    /// Fuzzes every target for some seconds. Needs the nightly toolchain; not part of `test`.
    Fuzz {
        /// How long each target runs.
        #[arg(default_value_t = 60)]
        seconds: u32,
    },
    /// Breaks the code in small ways and shows what no test notices. Takes hours; not part of `test`.
    Mutants {
        /// For cargo-mutants, such as `--shard 1/4`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Measures how fast the guards are. Takes minutes, wants a quiet machine; not part of `test`.
    Bench {
        /// `verify`, `serve`, `compile`, `storm`, `growth` (all of them without a name), `steps` or
        /// `report`, and options for it, such as `--json FILE`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Checks licences, duplicates, sources and known vulnerabilities of all dependencies.
    Deny,
    /// Runs real clients of WorkOS against auth-dev, and prints a line for each flow. Needs Node.
    Clients,
    /// Runs the tests of stores over memory and over a real Redis, which it installs if it is absent.
    Stores,
    /// Runs instances of the examples, three on one Redis or one alone, while things go wrong.
    Cluster,
    /// Uses the page of the examples in a real browser, on both services, with both ways to sign in.
    E2e,
    /// Builds the page of the examples. Needs Node; not part of `test`.
    Page,
    /// Builds the page, and starts the example with it and its own WorkOS. Not part of `test`.
    Demo,
    /// Compiles and runs the code of all documentation, and looks whether its links lead somewhere.
    Docs,
    /// Checks what others build: each feature, old Rust, old dependencies, packages, the public interface.
    Publish,
    /// Runs the examples, every `curl` line that they print, and their answers to bad input.
    Example,
}

fn main() -> ExitCode {
    let only = |name, check| step::run_all(vec![Step::function(name, check)]);
    let passed = match Command::parse() {
        Command::Test => step::run_all(everything()),
        Command::Attacks => only("attacks", attacks::check),
        Command::Vectors => only("vectors", vectors::check),
        Command::Fuzz { seconds } => told(fuzz::run(seconds)),
        Command::Mutants { arguments } => told(mutants::run(&arguments)),
        Command::Bench { arguments } => told(bench::run(&arguments)),
        Command::Deny => only("supply chain", supply_chain::check),
        Command::Clients => only("clients", clients::check),
        Command::Stores => only("stores", stores::check),
        Command::Cluster => only("cluster", cluster::check),
        Command::E2e => only("e2e", e2e::check),
        Command::Page => told(page::build_page()),
        Command::Demo => told(page::run()),
        Command::Docs => only("docs", docs::check),
        Command::Publish => step::run_all(published()),
        Command::Example => only("example", example::check),
    };
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn told(result: Result<(), String>) -> bool {
    if let Err(error) = &result {
        eprintln!("error: {error}");
    }
    result.is_ok()
}

fn published() -> Vec<Step> {
    vec![
        Step::function("features", publish::features),
        Step::function("oldest Rust", publish::oldest_rust),
        Step::function("oldest dependencies", publish::oldest_dependencies),
        Step::function("packages", publish::packages),
        Step::function("public interface", publish::api),
    ]
}

fn everything() -> Vec<Step> {
    let mut steps = vec![
        Step::command("formatting", cargo("fmt --all --check")),
        Step::command("lints", cargo("clippy --workspace --all-targets -- --deny warnings")),
    ];
    if installed::is_there("cargo-nextest") {
        steps.push(Step::command("tests", cargo("nextest run --workspace --no-fail-fast")));
    } else {
        println!("cargo-nextest is not installed; tests run one binary after the other");
        let tests = "test --workspace --no-fail-fast --lib --bins --tests";
        steps.push(Step::command("tests", cargo(tests)));
    }
    steps.push(Step::function("docs", docs::check));
    steps.push(Step::function("test kit in release", release::check));
    steps.extend(published());
    steps.push(Step::function("supply chain", supply_chain::check));
    steps.push(Step::function("attacks", attacks::check));
    steps.push(Step::function("vectors", vectors::check));
    steps.push(Step::function("example", example::check));
    steps.push(Step::function("clients", clients::check));
    steps.push(Step::function("stores", stores::check));
    steps.push(Step::function("cluster", cluster::check));
    steps.push(Step::function("page", page::check_page));
    steps.push(Step::function("e2e", e2e::check));
    steps
}
