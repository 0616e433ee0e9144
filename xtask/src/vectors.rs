//! Other people's test vectors, source by source.

use std::env;

use crate::command::{cargo, output_of};

const SOURCES: [&str; 8] = [
    "convex-oracle",
    "ed25519-speccheck",
    "email",
    "open-redirect",
    "pyjwt",
    "rfc7515-appendix-a",
    "rfc7520-cookbook",
    "wycheproof",
];

pub(crate) fn check() -> Result<(), String> {
    if env::var_os("AUTH_VECTORS").is_none() {
        for source in SOURCES {
            println!("{source}: not checked (AUTH_VECTORS is not set)");
        }
        return Ok(());
    }
    let mut test = cargo("test --quiet --workspace --test service vectors::");
    test.args(["--", "--ignored", "--nocapture", "--test-threads", "1"]);
    let (passed, output) = output_of(&mut test)?;
    let lines = output.lines().filter_map(|line| line.split_once("vectors ").map(|(_, rest)| rest));
    let lines: Vec<&str> = lines.filter(|line| line.contains(" cases, ")).collect();
    for line in &lines {
        println!("{line}");
    }
    println!("vectors: {} parts", lines.len());
    if passed { Ok(()) } else { Err(format!("vectors differ:\n{output}")) }
}
