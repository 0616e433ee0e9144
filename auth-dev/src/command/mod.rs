//! What can be asked of `auth-dev` on a command line.

mod serve;
mod token;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// WorkOS on your own machine: no identity provider, and no password asked.
///
/// Exit codes: 0 if all is well; 1 if the answer is no; 2 if the command line cannot be meant; 3 if
/// something is in the way of an answer, such as a server that is not there.
#[derive(Parser)]
#[command(version)]
pub(crate) struct Command {
    #[command(subcommand)]
    command: Subcommands,
}

#[derive(Subcommand)]
enum Subcommands {
    Serve(serve::Serve),
    Token(token::Token),
}

/// What is in the way, and how to mend it.
type Failure = Box<dyn std::error::Error>;

const IN_THE_WAY: u8 = 3;

impl Command {
    pub(crate) async fn run(self) -> ExitCode {
        let result = match self.command {
            Subcommands::Serve(serve) => serve.run().await,
            Subcommands::Token(token) => token.run().await,
        };
        result.unwrap_or_else(|failure| {
            eprintln!("error: {failure}");
            ExitCode::from(IN_THE_WAY)
        })
    }
}
