//! The command `auth-dev`.

mod command;

// The library has these for itself: they are nothing for those who use it.
mod causes;
mod random;
mod secret;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    command::Command::of_this_process().run().await
}
