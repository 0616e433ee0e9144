//! The page of the examples, built for the example's own WorkOS, and all of it running.

use std::process::Command;
use std::{env, fs};

use crate::command::{cargo, succeed};
use crate::npm::npm_ci;

pub(crate) const PAGE: &str = "examples/spa";

/// What the example on this machine has: its own origin, and its WorkOS.
const VARIABLES: [(&str, &str); 4] = [
    ("VITE_WORKOS_CLIENT_ID", "client_01DEV"),
    ("VITE_WORKOS_API_URL", "http://localhost:4100"),
    ("VITE_WORKOS_REDIRECT_URI", ""),
    ("VITE_SERVICE_URL", ""),
];

/// Builds the page to where the examples look for it.
pub(crate) fn build_page() -> Result<(), String> {
    npm_ci(PAGE)?;
    let mut npm = Command::new("npm");
    npm.args(["run", "build", "--prefix", PAGE]).envs(VARIABLES);
    succeed(npm)
}

/// Serves it with the example on axum, which says where, until it is stopped.
pub(crate) fn run() -> Result<(), String> {
    build_page()?;
    succeed(cargo("run --quiet --example axum"))
}

/// Its types, lints, format and tests.
pub(crate) fn check_page() -> Result<(), String> {
    npm_ci(PAGE)?;
    let mut npm = Command::new("npm");
    npm.args(["run", "check", "--prefix", PAGE]);
    // npm runs it in the page's folder.
    if let Some(folder) = env::var_os("AUTH_VECTORS") {
        let folder = fs::canonicalize(&folder).map_err(|error| format!("AUTH_VECTORS: {error}"))?;
        npm.env("AUTH_VECTORS", folder);
    }
    succeed(npm)
}
