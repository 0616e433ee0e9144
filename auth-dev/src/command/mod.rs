//! What can be asked of `auth-dev` on a command line.

mod completions;
mod doctor;
mod escape;
mod explain;
mod in_words;
mod report;
mod serve;
mod servers;
mod token;
mod token_argument;

use std::process::ExitCode;

use auth_core::ConfigError;
use clap::{Parser, Subcommand};

use crate::secret::hidden;

/// WorkOS on your own machine: no identity provider, and no password asked.
///
/// Exit codes: 0 if all is well; 1 if the answer is no; 2 if the command line cannot be meant; 3 if
/// something is in the way of an answer, such as a server that is not there.
#[derive(Parser)]
#[command(name = "auth-dev", version)]
pub(crate) struct Command {
    #[command(subcommand)]
    command: Subcommands,
}

#[derive(Subcommand)]
enum Subcommands {
    Serve(serve::Serve),
    Token(token::Token),
    Explain(explain::Explain),
    Doctor(doctor::Doctor),
    Completions(completions::Completions),
}

/// What is in the way, and how to mend it.
type Failure = Box<dyn std::error::Error>;

const NO: u8 = 1;
const NOT_MEANT: u8 = 2;
const IN_THE_WAY: u8 = 3;

impl Command {
    /// Reads the command line, or ends the process. What is said about a wrong one names what is
    /// wrong, and that may be a token.
    pub(crate) fn of_this_process() -> Self {
        Self::try_parse().unwrap_or_else(|error| {
            let text = error.to_string();
            let shown = hidden(&text);
            if shown == text {
                error.exit();
            }
            eprint!("{shown}");
            std::process::exit(error.exit_code())
        })
    }

    pub(crate) async fn run(self) -> ExitCode {
        let result = match self.command {
            Subcommands::Serve(serve) => serve.run().await,
            Subcommands::Token(token) => token.run().await,
            Subcommands::Explain(explain) => explain.run().await,
            Subcommands::Doctor(doctor) => doctor.run().await,
            Subcommands::Completions(completions) => completions.run(),
        };
        result.unwrap_or_else(|failure| {
            eprintln!("error: {}", escape::escaped_lines(&hidden(&failure.to_string())));
            let is_not_meant = failure.is::<ConfigError>() || failure.is::<auth_dev::ConfigError>();
            ExitCode::from(if is_not_meant { NOT_MEANT } else { IN_THE_WAY })
        })
    }
}
