//! What a newcomer builds first: a package of its own, by the blocks of a page and nothing else. What only
//! this workspace brings does not count there.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use super::page::{Block, Page};
use super::repository::Repository;
use crate::built;
use crate::command::{cargo, output_of, succeed};

/// Where the pages have this repository.
const CHECKOUT_OF_README: &str = "../auth-core/auth-core";
const CHECKOUT_OF_GUIDE: &str = "/path/to/this/repository";

/// By the dependencies and the program of the README.
pub(super) fn of_readme(repository: &Repository) -> Result<(), String> {
    let page = repository.page("README.md").ok_or("there is no README")?;
    let folder = empty_folder("readme")?;
    let dependencies = first(page, "toml", "[dependencies]")?;
    let root = env::current_dir().map_err(|error| error.to_string())?;
    let checkout = root.join("auth-core");
    let dependencies = dependencies.text.replace(CHECKOUT_OF_README, &checkout.to_string_lossy());
    let package = "[package]\nname = \"service\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    write(&folder.join("Cargo.toml"), &format!("{package}\n{dependencies}"))?;
    check(&folder, page)
}

/// By the commands and the program of the guide's first chapter.
pub(super) fn of_guide(repository: &Repository) -> Result<(), String> {
    let page = repository.page("docs/src/getting-started.md").ok_or("there is no first chapter")?;
    let folder = empty_folder("guide")?;
    let root = env::current_dir().map_err(|error| error.to_string())?;
    let commands = &first(page, "sh", "cargo new")?.text;
    let commands = commands.replace(CHECKOUT_OF_GUIDE, &root.to_string_lossy());
    let mut bash = Command::new("bash");
    bash.args(["-euc", &commands]).current_dir(&folder);
    let (is_done, said) = output_of(&mut bash)?;
    if !is_done {
        return Err(said);
    }
    check(&folder.join("guarded"), page)
}

fn check(folder: &Path, page: &Page) -> Result<(), String> {
    let program = first(page, "rust", "async fn main")?;
    fs::create_dir_all(folder.join("src")).map_err(|error| error.to_string())?;
    write(&folder.join("src/main.rs"), &program.text)?;
    let mut check = cargo("check --quiet --target-dir");
    check.arg(built::target()?.join("first-service")).current_dir(folder);
    succeed(check)
}

fn first<'a>(page: &'a Page, language: &str, with: &str) -> Result<&'a Block, String> {
    let found = page.blocks_in(language).find(|block| block.text.contains(with));
    found.ok_or_else(|| format!("{} has no block of {language} with `{with}`", page.path))
}

fn empty_folder(name: &str) -> Result<PathBuf, String> {
    // Where no workspace is around it.
    let folder = env::temp_dir().join("auth-core-first-service").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}
