//! The page of the examples in a real browser, on both services: a line for each journey.

use std::env;
use std::process::Command;

use crate::npm::npm_ci;
use crate::page::PAGE;
use crate::verdicts::Verdicts;
use crate::{built, installed};

const E2E: &str = "tests/e2e";

pub(crate) fn check() -> Result<(), String> {
    if env::var_os("CHROMIUM").is_none() {
        installed::by_apt("chromium")?;
    }
    for folder in [PAGE, E2E] {
        npm_ci(folder)?;
    }
    let mut node = Command::new("node");
    node.arg(format!("{E2E}/main.mjs"))
        .env("AUTH_DEV", built::auth_dev()?)
        .env("EXAMPLES", built::examples(&["axum", "actix"])?);
    let pictures = built::target()?.join("screenshots");
    let mut journeys = Verdicts::default();
    let ended = journeys.count("e2e", node.env("SCREENSHOTS", &pictures));
    println!("pictures of the page are in {}", pictures.display());
    ended.map_err(|why| format!("the journeys: {why}"))?;
    match journeys.failed {
        0 => Ok(()),
        failed => Err(format!("{failed} of {} journeys have failed", journeys.cases)),
    }
}
