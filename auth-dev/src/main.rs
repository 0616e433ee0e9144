//! The command `auth-dev`.

mod causes;
mod command;
mod secret;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    command::Command::of_this_process().run().await
}
