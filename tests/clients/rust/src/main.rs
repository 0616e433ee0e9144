//! The official Rust client of WorkOS, unmodified, against auth-dev: a line for each flow.

mod fixture;
mod flows;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::time::timeout;

use crate::fixture::Fixture;

const FLOW_TIMEOUT: Duration = Duration::from_secs(30);

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every flow is as the client needs it.
async fn run() -> Result<bool> {
    let fixture = Fixture::start().await?;
    let version = version()?;
    let mut all_passed = true;
    for (name, flow) in flows::all(&fixture) {
        let result = timeout(FLOW_TIMEOUT, flow).await;
        let result = result.context("it takes too long").flatten();
        all_passed &= result.is_ok();
        let verdict = match result {
            Ok(()) => "ok".to_owned(),
            Err(error) => format!("FAILED: {}", format!("{error:#}").replace('\n', " ")),
        };
        println!("client workos {version}: {name}: {verdict}");
    }
    Ok(all_passed)
}

/// The one that is locked.
fn version() -> Result<&'static str> {
    let (_, after) = include_str!("../Cargo.lock")
        .split_once("name = \"workos\"\nversion = \"")
        .context("the lock file has no `workos`")?;
    Ok(after.split('"').next().unwrap_or_default())
}
