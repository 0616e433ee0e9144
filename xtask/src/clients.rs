//! Real clients, unmodified, against `auth-dev`: a line for each client and flow.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::npm::npm_ci;
use crate::step::{cargo, succeed};

const NODE: &str = "tests/clients/node";
const NODE_CLIENTS: [&str; 5] = ["workos", "shared_session", "authkit", "jose", "jsonwebtoken"];
const RUST: &str = "run --quiet --manifest-path tests/clients/rust/Cargo.toml --target-dir";

pub(crate) fn check() -> Result<(), String> {
    npm_ci(NODE)?;
    // As `cargo xtask test` builds its tests, after which there is nothing left to build.
    succeed(cargo("test --quiet --workspace --no-run --test command"))?;
    succeed(cargo("build --quiet --example axum"))?;

    // Cargo puts programs beside this one, in a folder of the target directory.
    let xtask = env::current_exe().map_err(|error| error.to_string())?;
    let programs = xtask.parent().ok_or("this program is in no folder")?;
    let target = programs.parent().ok_or("this program is in no target directory")?;
    let mut tally = Tally::default();
    for client in NODE_CLIENTS {
        let mut node = Command::new("node");
        node.arg(format!("{NODE}/{client}.mjs"))
            .env("AUTH_DEV", programs.join("auth-dev"))
            .env("EXAMPLE", programs.join("examples/axum"));
        tally.run(&mut node);
    }
    tally.run(cargo(RUST).arg(target));
    println!("{} flows, {} failed", tally.flows, tally.failed);
    if tally.failed == 0 { Ok(()) } else { Err("a client differs".to_owned()) }
}

#[derive(Default)]
struct Tally {
    flows: u32,
    failed: u32,
}

impl Tally {
    /// Runs the program of a client; one that ends early is a flow that failed.
    fn run(&mut self, program: &mut Command) {
        if let Err(why) = self.count(program) {
            println!("client of {program:?}: FAILED: {why}");
            self.flows += 1;
            self.failed += 1;
        }
    }

    /// Prints and counts the lines of a program: `client <name> <version>: <flow>: ok`.
    fn count(&mut self, program: &mut Command) -> Result<(), String> {
        let mut child =
            program.stdout(Stdio::piped()).spawn().map_err(|error| error.to_string())?;
        let output = child.stdout.take().ok_or("it has no output")?;
        let (flows_before, failed_before) = (self.flows, self.failed);
        for line in BufReader::new(output).lines() {
            let line = line.map_err(|error| error.to_string())?;
            println!("{line}");
            if line.starts_with("client ") {
                self.flows += 1;
                self.failed += u32::from(!line.ends_with(": ok"));
            }
        }
        let status = child.wait().map_err(|error| error.to_string())?;
        let all_passed = self.failed == failed_before;
        if self.flows == flows_before || status.success() != all_passed {
            return Err(format!("it has ended too early: {status}"));
        }
        Ok(())
    }
}
