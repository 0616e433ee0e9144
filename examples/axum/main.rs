//! A guarded service: `cargo run --example axum`. What it takes from the environment is told in
//! `examples/common/mod.rs`.

mod api;
#[path = "../common/mod.rs"]
mod common;

use std::error::Error;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    common::exit_code(run().await)
}

async fn run() -> Result<(), Box<dyn Error>> {
    let start = common::start().await?;
    let app = api::app(start.auth.clone(), start.sessions.as_ref())?;
    start.announce(app.access_table())?;
    axum::serve(start.listener, app).await?;
    Ok(())
}
