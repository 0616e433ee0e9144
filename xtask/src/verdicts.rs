//! Programs that print a line with the verdict of each case: `<kind> <whose>: <case>: ok`.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// How many cases there were so far.
#[derive(Default)]
pub(crate) struct Verdicts {
    pub(crate) cases: u32,
    pub(crate) failed: u32,
}

impl Verdicts {
    /// Runs a program to its end, and prints and counts its lines; an error if it has ended before it
    /// was through with its cases.
    pub(crate) fn count(&mut self, kind: &str, program: &mut Command) -> Result<(), String> {
        let mut child =
            program.stdout(Stdio::piped()).spawn().map_err(|error| error.to_string())?;
        let output = child.stdout.take().ok_or("it has no output")?;
        let (cases_before, failed_before) = (self.cases, self.failed);
        for line in BufReader::new(output).lines() {
            let line = line.map_err(|error| error.to_string())?;
            println!("{line}");
            if line.strip_prefix(kind).is_some_and(|rest| rest.starts_with(' ')) {
                self.cases += 1;
                self.failed += u32::from(!line.ends_with(": ok"));
            }
        }
        let status = child.wait().map_err(|error| error.to_string())?;
        let all_passed = self.failed == failed_before;
        if self.cases == cases_before || status.success() != all_passed {
            return Err(format!("it has ended too early: {status}"));
        }
        Ok(())
    }
}
