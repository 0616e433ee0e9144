//! One check after the other, each with its time.

use std::process::Command;
use std::time::Instant;

use crate::command::succeed;

pub(crate) struct Step {
    name: &'static str,
    action: Action,
}

enum Action {
    Command(Command),
    Function(fn() -> Result<(), String>),
}

impl Step {
    pub(crate) fn command(name: &'static str, command: Command) -> Self {
        Self { name, action: Action::Command(command) }
    }

    pub(crate) fn function(name: &'static str, function: fn() -> Result<(), String>) -> Self {
        Self { name, action: Action::Function(function) }
    }

    fn run(self) -> Result<(), String> {
        match self.action {
            Action::Function(function) => function(),
            Action::Command(command) => succeed(command),
        }
    }
}

/// Runs all steps, whatever becomes of the ones before, and prints how each went.
pub(crate) fn run_all(steps: Vec<Step>) -> bool {
    let mut report = Vec::new();
    for step in steps {
        println!("\n== {}", step.name);
        let (name, start) = (step.name, Instant::now());
        let result = step.run();
        report.push((name, start.elapsed(), result));
    }

    println!("\n== Summary");
    for (name, time, result) in &report {
        let verdict = if result.is_ok() { "ok" } else { "FAILED" };
        println!("{verdict:<6} {:>6.1} s  {name}", time.as_secs_f32());
    }
    for error in report.iter().filter_map(|(_, _, result)| result.as_ref().err()) {
        println!("{error}");
    }
    report.iter().all(|(_, _, result)| result.is_ok())
}
