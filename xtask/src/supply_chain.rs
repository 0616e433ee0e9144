//! What the dependency tree contains: licences, duplicates, sources, known vulnerabilities.

use crate::step::{self, cargo};

pub(crate) fn check() -> Result<(), String> {
    step::install("cargo-deny")?;
    step::succeed(cargo("deny --workspace check bans licenses sources"))?;

    let fetched = step::output_of(&mut cargo("deny fetch db"))?.0;
    if fetched {
        step::succeed(cargo("deny --workspace check advisories"))
    } else {
        println!("advisories: not run (the advisory database is unreachable)");
        Ok(())
    }
}
