//! Packages from npm, as the lock files of folders name them.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::command::succeed;
use crate::installed;

/// Installs what the folder's lock file says, unless it is there already.
pub(crate) fn npm_ci(folder: &str) -> Result<(), String> {
    installed::by_hand(&["node", "npm"], "nodejs npm")?;
    let locked = format!("{folder}/package-lock.json");
    let lock = fs::read(&locked).map_err(|error| format!("{locked}: {error}"))?;
    // Goes with the packages, whoever takes them away.
    let installed = Path::new(folder).join("node_modules/.installed-lock.json");
    if fs::read(&installed).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--prefix", folder]);
    succeed(npm)?;
    fs::write(&installed, lock).map_err(|error| format!("{}: {error}", installed.display()))
}
