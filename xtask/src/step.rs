//! One check after the other, each with its time.

use std::env;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

pub(crate) struct Step {
    name: String,
    action: Action,
}

enum Action {
    Command(Command),
    Function(fn() -> Result<(), String>),
}

impl Step {
    pub(crate) fn command(name: impl Into<String>, command: Command) -> Self {
        Self { name: name.into(), action: Action::Command(command) }
    }

    pub(crate) fn function(name: &str, function: fn() -> Result<(), String>) -> Self {
        Self { name: name.to_owned(), action: Action::Function(function) }
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
        let (name, start) = (step.name.clone(), Instant::now());
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

/// The cargo that runs this. What makes the next build after an edit faster takes gigabytes for all that
/// is built here, so it is left out.
pub(crate) fn cargo(arguments: &str) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments.split_whitespace()).env("CARGO_INCREMENTAL", "0");
    command
}

/// Runs a command to its end; whether it succeeded, and all that it printed.
pub(crate) fn output_of(command: &mut Command) -> Result<(bool, String), String> {
    println!("$ {}", display(command));
    let output = command.output().map_err(|error| format!("{}: {error}", display(command)))?;
    let printed = [output.stdout, output.stderr].concat();
    Ok((output.status.success(), String::from_utf8_lossy(&printed).into_owned()))
}

/// Runs a command to its end; an error if that is not a success.
pub(crate) fn succeed(mut command: Command) -> Result<(), String> {
    let line = display(&command);
    println!("$ {line}");
    let status = command.status().map_err(|error| format!("{line}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{line}: {status}")) }
}

/// Installs a subcommand of cargo, unless it is there.
pub(crate) fn install(command: &str) -> Result<(), String> {
    let subcommand = command.trim_start_matches("cargo-");
    let mut version = cargo(&format!("{subcommand} --version"));
    if version.output().is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    println!("{command} is not installed; installing it");
    succeed(cargo(&format!("install {command} --locked")))
}

pub(crate) fn is_installed(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

fn display(command: &Command) -> String {
    let arguments = command.get_args().map(|argument| {
        let argument = argument.to_string_lossy();
        if argument.is_empty() { "\"\"".to_owned() } else { argument.into_owned() }
    });
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    format!("{} {}", program.display(), arguments.collect::<Vec<_>>().join(" "))
}
