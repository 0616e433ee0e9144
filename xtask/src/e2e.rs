//! The page of the examples in a real browser, on both services: a line for each journey.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::npm::npm_ci;
use crate::step::{cargo, is_installed, succeed};

const PAGE: &str = "examples/spa";
const E2E: &str = "tests/e2e";

pub(crate) fn check() -> Result<(), String> {
    install_chromium()?;
    for folder in [PAGE, E2E] {
        npm_ci(folder)?;
    }
    // As `cargo xtask test` builds its tests, after which there is nothing left to build.
    succeed(cargo("test --quiet --workspace --no-run --test command"))?;
    succeed(cargo("build --quiet --example axum --example actix"))?;

    // Cargo puts programs beside this one, in a folder of the target directory.
    let xtask = env::current_exe().map_err(|error| error.to_string())?;
    let programs = xtask.parent().ok_or("this program is in no folder")?;
    let target = programs.parent().ok_or("this program is in no target directory")?;
    let pictures = target.join("screenshots");
    let mut node = Command::new("node");
    node.arg(format!("{E2E}/main.mjs"))
        .env("AUTH_DEV", programs.join("auth-dev"))
        .env("EXAMPLES", programs.join("examples"))
        .env("SCREENSHOTS", &pictures);
    let result = count(&mut node);
    println!("pictures of the page are in {}", pictures.display());
    result
}

/// Prints and counts the lines of a program: `e2e <service>, <way to sign in>: <journey>: ok`.
fn count(program: &mut Command) -> Result<(), String> {
    let mut child = program.stdout(Stdio::piped()).spawn().map_err(|error| error.to_string())?;
    let output = child.stdout.take().ok_or("it has no output")?;
    let (mut journeys, mut failed) = (0, 0);
    for line in BufReader::new(output).lines() {
        let line = line.map_err(|error| error.to_string())?;
        println!("{line}");
        if line.starts_with("e2e ") {
            journeys += 1;
            failed += u32::from(!line.ends_with(": ok"));
        }
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    match (journeys, failed) {
        (1.., 0) if status.success() => Ok(()),
        (_, 0) => Err(format!("the journeys have ended too early: {status}")),
        _ => Err(format!("{failed} of {journeys} journeys have failed")),
    }
}

fn install_chromium() -> Result<(), String> {
    if env::var_os("CHROMIUM").is_some() || is_installed("chromium") {
        return Ok(());
    }
    println!("chromium is not installed; installing it");
    let mut apt = Command::new("apt-get");
    apt.args(["install", "--yes", "chromium"]);
    succeed(apt).map_err(|error| format!("{error}; install chromium by hand"))
}
