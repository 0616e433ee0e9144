//! `auth-dev completions`.

use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use super::{Command, Failure, report};

/// Prints a script that lets a shell complete this command.
///
/// For bash: `auth-dev completions bash > ~/.local/share/bash-completion/completions/auth-dev`.
#[derive(Args)]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let mut script = Vec::new();
        generate(self.shell, &mut Command::command(), "auth-dev", &mut script);
        report::print(&String::from_utf8(script)?)?;
        Ok(ExitCode::SUCCESS)
    }
}
