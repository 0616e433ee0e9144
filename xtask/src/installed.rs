//! Programs that this machine has to have: those that can be installed are.

use std::process::Command;

use crate::command::{cargo, of_toolchain, succeed};

/// A subcommand of cargo, such as `cargo-deny`.
pub(crate) fn by_cargo(command: &str) -> Result<(), String> {
    let subcommand = command.trim_start_matches("cargo-");
    let mut version = cargo(&format!("{subcommand} --version"));
    if version.output().is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    println!("{command} is not installed; installing it");
    succeed(cargo(&format!("install {command} --locked")))
}

/// The nightly toolchain, which nothing installs by itself.
pub(crate) fn has_nightly() -> bool {
    let version = of_toolchain("nightly", "--version").output();
    version.is_ok_and(|output| output.status.success())
}

/// A program that has the name of its Debian package.
pub(crate) fn by_apt(program: &str) -> Result<(), String> {
    if is_there(program) {
        return Ok(());
    }
    println!("{program} is not installed; installing it");
    let mut apt = Command::new("apt-get");
    apt.args(["install", "--yes", program]);
    succeed(apt).map_err(|error| format!("{error}; install {program} by hand"))
}

/// What a newcomer's `curl` lines are pasted into.
pub(crate) fn shell_and_curl() -> Result<(), String> {
    by_hand(&["curl", "bash"], "curl bash")
}

/// Programs of these packages, which are left to whoever uses this machine.
pub(crate) fn by_hand(programs: &[&str], packages: &str) -> Result<(), String> {
    match programs.iter().find(|program| !is_there(program)) {
        None => Ok(()),
        Some(missing) => Err(format!("{missing} is not installed; `apt-get install {packages}`")),
    }
}

pub(crate) fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}
