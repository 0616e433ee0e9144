//! Programs of this repository, built for the checks that run them. Cargo puts them beside this one.

use std::env;
use std::path::PathBuf;

use crate::command::{cargo, succeed};

/// The program `auth-dev`.
pub(crate) fn auth_dev() -> Result<PathBuf, String> {
    // As `cargo xtask test` builds its tests, after which there is nothing left to build.
    succeed(cargo("test --quiet --workspace --no-run --test command"))?;
    Ok(folder()?.join("auth-dev"))
}

pub(crate) fn example(name: &str) -> Result<PathBuf, String> {
    Ok(examples(&[name])?.join(name))
}

/// The folder with these examples.
pub(crate) fn examples(names: &[&str]) -> Result<PathBuf, String> {
    let mut build = cargo("build --quiet");
    build.args(names.iter().flat_map(|name| ["--example", name]));
    succeed(build)?;
    Ok(folder()?.join("examples"))
}

/// The target directory, whichever it is.
pub(crate) fn target() -> Result<PathBuf, String> {
    let folder = folder()?;
    Ok(folder.parent().ok_or("this program is in no target directory")?.to_owned())
}

fn folder() -> Result<PathBuf, String> {
    let xtask = env::current_exe().map_err(|error| error.to_string())?;
    Ok(xtask.parent().ok_or("this program is in no folder")?.to_owned())
}
