//! What pages can lead to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use super::page::Page;

pub(super) struct Repository {
    /// Paths with slashes.
    files: BTreeSet<String>,
    pages: BTreeMap<String, Page>,
}

impl Repository {
    /// All that is in it, or will be.
    pub(super) fn read() -> Result<Self, String> {
        let files = files()?;
        let paths = files.iter().filter(|path| path.ends_with(".md"));
        let pages = paths.map(|path| Ok((path.clone(), Page::read(path)?)));
        let pages = pages.collect::<Result<_, String>>()?;
        Ok(Self { files, pages })
    }

    pub(super) fn pages(&self) -> impl Iterator<Item = &Page> {
        self.pages.values()
    }

    pub(super) fn page(&self, path: &str) -> Option<&Page> {
        self.pages.get(path)
    }

    /// Whether a file or a folder is there.
    pub(super) fn has(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        self.files.contains(path)
            || path.is_empty()
            || self.files.iter().any(|file| file.starts_with(&folder))
    }
}

fn files() -> Result<BTreeSet<String>, String> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let output = git.output().map_err(|error| format!("git: {error}"))?;
    if !output.status.success() {
        return Err(format!("git: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    let listed = String::from_utf8(output.stdout).map_err(|error| error.to_string())?;
    let listed = listed.split_terminator('\0').map(str::to_owned);
    // What has been deleted and not yet committed is listed, too.
    Ok(listed.filter(|path| Path::new(path).exists()).collect())
}
