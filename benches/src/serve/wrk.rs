//! `wrk`, which sends requests as fast as they are answered.

use std::io::Write as _;
use std::process::Command;

use anyhow::{Context, bail};
use tempfile::NamedTempFile;

const CONNECTIONS: &str = "32";

pub(super) struct Wrk {
    core: usize,
    /// Gives every request its header: on a command line anybody could read the token.
    script: NamedTempFile,
}

impl Wrk {
    /// # Errors
    /// If it is not there and cannot be installed.
    pub(super) fn new(token: &str, core: usize) -> anyhow::Result<Self> {
        if !is_installed() {
            let _ = Command::new("apt-get").args(["install", "--yes", "wrk"]).status();
        }
        if !is_installed() {
            bail!("wrk is not installed, and `apt-get install wrk` fails: install it");
        }
        let mut script = NamedTempFile::with_suffix(".lua")?;
        writeln!(script, "wrk.headers[\"Authorization\"] = \"Bearer {token}\"")?;
        Ok(Self { core, script })
    }

    /// Requests per second over some seconds, of which each is answered with success.
    pub(super) fn measure(&self, url: &str, seconds: u32) -> anyhow::Result<f64> {
        let mut command = Command::new("taskset");
        command.args(["--cpu-list", &self.core.to_string(), "wrk", "--threads", "1"]);
        command.args(["--connections", CONNECTIONS, "--duration", &format!("{seconds}s")]);
        command.arg("--script").arg(self.script.path()).arg(url);
        let output = command.output().context("`taskset` of the package util-linux")?;
        let report = String::from_utf8_lossy(&output.stdout);
        if report.contains("Non-2xx") || report.contains("Socket errors") {
            bail!("not every request to {url} was answered with success:\n{report}");
        }
        let rate = report.lines().find_map(|line| line.strip_prefix("Requests/sec:"));
        let rate = rate.and_then(|rate| rate.trim().parse().ok());
        rate.with_context(|| {
            let errors = String::from_utf8_lossy(&output.stderr);
            format!("wrk says no rate for {url}:\n{report}{errors}")
        })
    }
}

/// With any argument but a URL it prints how it is used, and fails.
fn is_installed() -> bool {
    Command::new("wrk").arg("--version").output().is_ok()
}
