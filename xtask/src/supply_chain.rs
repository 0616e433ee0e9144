//! What the dependency tree contains: licences, duplicates, sources, known vulnerabilities.

use crate::command::{cargo, output_of, succeed};
use crate::installed;

pub(crate) fn check() -> Result<(), String> {
    installed::by_cargo("cargo-deny")?;
    succeed(cargo("deny --workspace check bans licenses sources"))?;

    let (is_fetched, _) = output_of(&mut cargo("deny fetch db"))?;
    if is_fetched {
        succeed(cargo("deny --workspace check advisories"))
    } else {
        println!("advisories: not run (the advisory database is unreachable)");
        Ok(())
    }
}
