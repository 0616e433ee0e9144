//! An instance of an example, as a process.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};

use crate::redis_server::Folder;

/// Ends with its drop.
pub(crate) struct Instance {
    process: Child,
    /// Whoever prints to nobody may end.
    _output: BufReader<ChildStdout>,
    log: PathBuf,
    pub(crate) url: String,
}

impl Instance {
    /// With these variables and no others, in a folder where no `.env` is.
    pub(crate) fn start(
        name: &str,
        port: u16,
        variables: &[(&str, &str)],
        folder: &Folder,
    ) -> Self {
        let log = folder.0.join(format!("{port}.log"));
        let mut command = Command::new(example(name));
        command.current_dir(&folder.0).env_clear().envs(variables.iter().copied());
        command.env("PORT", port.to_string());
        command.stdout(Stdio::piped()).stderr(File::create(&log).unwrap());
        let mut process = command.spawn().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let is_ready =
            output.by_ref().lines().any(|line| line.unwrap().starts_with("Stop it with"));
        assert!(is_ready, "{name} has ended: {}", fs::read_to_string(&log).unwrap());
        Self { process, _output: output, log, url: format!("http://localhost:{port}") }
    }

    /// What it has logged so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// As a system does that stops services.
    pub(crate) fn terminate(&self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// How it has ended, if it has.
    pub(crate) fn end(&mut self) -> Option<ExitStatus> {
        self.process.try_wait().unwrap()
    }

    pub(crate) fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Cargo puts examples beside the tests.
fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let target = test.parent().and_then(|folder| folder.parent()).unwrap();
    let example = target.join("examples").join(name);
    assert!(example.exists(), "build it: `cargo build --example {name}`");
    example
}
