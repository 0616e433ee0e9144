//! A server for the time of a check.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

/// A server that has said that it is there. Stops with this.
pub(crate) struct Running {
    child: Child,
    /// Whoever prints to nobody may end.
    output: BufReader<ChildStdout>,
}

impl Running {
    /// Waits for a line that begins so; with all lines up to it.
    pub(crate) fn start(command: &mut Command, last: &str) -> Result<(Self, Vec<String>), String> {
        let name = command.get_program().display().to_string();
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = child.map_err(|error| format!("{name}: {error}"))?;
        let output = child.stdout.take().ok_or("it has no output")?;
        let mut running = Self { child, output: BufReader::new(output) };
        let mut said = Vec::new();
        loop {
            let mut line = String::new();
            let read = running.output.read_line(&mut line).map_err(|error| error.to_string())?;
            if read == 0 {
                return Err(format!("{name} has ended; is its port taken?"));
            }
            said.push(line.trim_end().to_owned());
            if line.starts_with(last) {
                return Ok((running, said));
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
