//! Looks for inputs that break a promise, target by target.

use std::fs;
use std::process::Command;

use crate::command::succeed;
use crate::installed;

const TARGETS: [&str; 7] =
    ["token", "key_set", "credential", "email", "cookies", "webhook", "path"];

pub(crate) fn run(seconds: u32) -> Result<(), String> {
    installed::by_cargo("cargo-fuzz")?;
    for target in TARGETS {
        // What a run finds interesting goes beside the inputs that are kept, not among them.
        let found = format!("target/fuzz-corpus/{target}");
        fs::create_dir_all(&found).map_err(|error| format!("{found}: {error}"))?;
        let mut fuzz = Command::new("cargo");
        fuzz.args(["+nightly", "fuzz", "run", target, &found, &format!("fuzz/corpus/{target}")]);
        fuzz.args(["--", &format!("-max_total_time={seconds}"), "-print_final_stats=1"]);
        succeed(fuzz).map_err(|error| {
            format!(
                "{error}\nthe input is in fuzz/artifacts/{target}: keep it in fuzz/corpus/{target}"
            )
        })?;
    }
    println!("fuzz: {} targets, {seconds} s each, nothing found", TARGETS.len());
    Ok(())
}
