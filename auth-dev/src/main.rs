//! The command `auth-dev`.

mod command;

use std::process::ExitCode;

use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    command::Command::parse().run().await
}
