//! What services migrate from: the blocks of that chapter are files of a workspace of its own, which
//! compiles.

use std::fs;

use super::repository::Repository;
use crate::built;
use crate::command::{cargo, succeed};

const CHAPTER: &str = "docs/src/migrating.md";
const FOLDER: &str = "docs/migrating";

/// Marked as `rs`, which no test of this workspace compiles.
const BEFORE: &str = "rs";

pub(super) fn check(repository: &Repository) -> Result<(), String> {
    let page = repository.page(CHAPTER).ok_or_else(|| format!("there is no {CHAPTER}"))?;
    let files = ["protect_endpoints", "jwt_authorizer"].map(|name| {
        let path = format!("{FOLDER}/src/{name}.rs");
        fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))
    });
    let files = files.into_iter().collect::<Result<Vec<String>, _>>()?;
    let blocks: Vec<&str> = page.blocks_in(BEFORE).map(|block| block.text.as_str()).collect();
    if blocks != files {
        return Err(format!("the blocks of `{BEFORE}` are not the files in {FOLDER}/src"));
    }
    let mut check = cargo("check --quiet --manifest-path");
    check.arg(format!("{FOLDER}/Cargo.toml"));
    check.arg("--target-dir").arg(built::target()?.join("migrating"));
    succeed(check)
}
