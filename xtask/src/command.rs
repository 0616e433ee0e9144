//! Commands: the cargo that runs this, and what comes of running one to its end.

use std::env;
use std::path::Path;
use std::process::Command;

/// The cargo that runs this. What makes the next build after an edit faster takes gigabytes for all that
/// is built here, so it is left out.
pub(crate) fn cargo(arguments: &str) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments.split_whitespace()).env("CARGO_INCREMENTAL", "0");
    command
}

/// A cargo of another toolchain than the one that runs this.
pub(crate) fn of_toolchain(name: &str, arguments: &str) -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", name, "cargo"]).args(arguments.split_whitespace());
    command
}

/// Runs a command to its end; an error if that is not a success.
pub(crate) fn succeed(mut command: Command) -> Result<(), String> {
    let line = display(&command);
    println!("$ {line}");
    let status = command.status().map_err(|error| format!("{line}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{line}: {status}")) }
}

/// Runs a command to its end; whether it succeeded, and all that it printed.
pub(crate) fn output_of(command: &mut Command) -> Result<(bool, String), String> {
    println!("$ {}", display(command));
    let output = command.output().map_err(|error| format!("{}: {error}", display(command)))?;
    let printed = [output.stdout, output.stderr].concat();
    Ok((output.status.success(), String::from_utf8_lossy(&printed).into_owned()))
}

fn display(command: &Command) -> String {
    let arguments = command.get_args().map(|argument| {
        let argument = argument.to_string_lossy();
        if argument.is_empty() { "\"\"".to_owned() } else { argument.into_owned() }
    });
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    format!("{} {}", program.display(), arguments.collect::<Vec<_>>().join(" "))
}
