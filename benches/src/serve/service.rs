//! A service as a process of its own.

use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, ensure};

use crate::server::Service;

/// It ends with this.
pub(super) struct Running {
    process: Child,
    url: String,
}

impl Running {
    /// Starts it on one core of the machine.
    pub(super) fn start(service: Service, key_set: &str, core: usize) -> anyhow::Result<Self> {
        let mut command = Command::new("taskset");
        command.args(["--cpu-list", &core.to_string()]).arg(env::current_exe()?);
        command.args(["server", &service.name()]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let process = command.spawn().context("`taskset` of the package util-linux")?;
        let mut running = Self { process, url: String::new() };

        let mut input = running.process.stdin.take().context("no way in")?;
        input.write_all(key_set.as_bytes())?;
        drop(input);
        let output = running.process.stdout.take().context("no way out")?;
        BufReader::new(output).read_line(&mut running.url)?;
        ensure!(running.url.ends_with('\n'), "{} did not start", service.name());
        running.url.truncate(running.url.trim_end().len());
        Ok(running)
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// How long it has computed so far.
    pub(super) fn cpu_time(&self) -> anyhow::Result<Duration> {
        let threads = format!("/proc/{}/task", self.process.id());
        let mut nanoseconds = 0;
        for thread in fs::read_dir(threads)? {
            let times = fs::read_to_string(thread?.path().join("schedstat"))?;
            let on_cpu = times.split_whitespace().next().and_then(|time| time.parse::<u64>().ok());
            nanoseconds += on_cpu.context("schedstat has no time")?;
        }
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// The status that a request is answered with.
    pub(super) fn status(&self, path: &str, token: Option<&str>) -> anyhow::Result<u16> {
        let address = self.url.strip_prefix("http://").unwrap_or(&self.url);
        let mut stream = TcpStream::connect(address)?;
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n")?;
        if let Some(token) = token {
            write!(stream, "authorization: Bearer {token}\r\n")?;
        }
        write!(stream, "\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let status = answer.split_whitespace().nth(1).and_then(|status| status.parse().ok());
        status.with_context(|| format!("the answer is {answer:?}"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
