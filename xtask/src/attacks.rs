//! The list of attacks, line by line: what the tests answered, what waits for a part that does not
//! exist yet, and what does not apply.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{env, fs};

use crate::step::{cargo, output_of};

/// Lines that need a part which does not exist yet, by the beginnings of their ids.
const WAITING: [(&str, &str); 8] = [
    ("POL-", "guards"),
    ("MAC-", "guards"),
    ("SES-", "sessions"),
    ("RED-", "sessions"),
    ("HTTP-08", "sessions"),
    ("HTTP-14", "sessions"),
    ("DOS-09", "sessions"),
    ("DOS-06", "benchmarks"),
];

/// Lines that are vectors and nothing else.
const IN_VECTORS: [(&str, &str); 5] = [
    ("SIG-11", "rsa_signature_2048, 3072 and 4096"),
    ("SIG-12", "ecdsa_secp256r1_sha256_p1363"),
    ("SIG-13", "ed25519 and ed25519-speccheck"),
    ("ADM-06", "email"),
    ("ADM-09", "email"),
];

pub(crate) fn check() -> Result<(), String> {
    let mut test = cargo("test --quiet --test service attacks:: -- --nocapture --test-threads 1");
    let (passed, output) = output_of(&mut test)?;
    let answered = verdicts(&output);
    let listed = listed_ids()?;

    let mut totals: BTreeMap<&str, usize> = BTreeMap::new();
    let ids: BTreeSet<&str> =
        answered.keys().copied().chain(listed.iter().map(String::as_str)).collect();
    for id in ids {
        let prefixed = |table: &'static [(&str, &'static str)]| {
            table.iter().find(|(prefix, _)| id.starts_with(prefix)).map(|(_, why)| *why)
        };
        let (kind, text) = match (answered.get(id), prefixed(&WAITING), prefixed(&IN_VECTORS)) {
            (Some(verdict), _, _) if verdict.starts_with("ok") => ("passed", (*verdict).to_owned()),
            (Some(verdict), _, _) => ("failed", (*verdict).to_owned()),
            (None, Some(part), _) => ("waiting", format!("waiting: {part}")),
            (None, None, Some(source)) => ("by vectors", format!("by the vectors {source}")),
            (None, None, None) => ("failed", "not answered by any test".to_owned()),
        };
        println!("{id:<8} {text}");
        *totals.entry(kind).or_default() += 1;
    }
    let totals: Vec<String> =
        totals.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    println!("attacks: {}, 0 not applicable", totals.join(", "));
    if listed.is_empty() {
        println!("the list itself: not checked (AUTH_VECTORS is not set)");
    }
    let failed = !passed || totals.iter().any(|total| total.ends_with("failed"));
    if failed { Err(format!("attacks differ:\n{output}")) } else { Ok(()) }
}

/// What the tests print: `attack <id> <verdict>`.
fn verdicts(output: &str) -> BTreeMap<&str, &str> {
    let lines = output.lines().filter_map(|line| line.split_once("attack ").map(|(_, rest)| rest));
    let mut verdicts = BTreeMap::new();
    for (id, verdict) in lines.filter_map(|line| line.split_once(' ')) {
        let known = verdicts.entry(id).or_insert(verdict);
        if !verdict.starts_with("ok") {
            *known = verdict;
        }
    }
    verdicts
}

/// The ids of the list that stands beside the folder of the vectors.
fn listed_ids() -> Result<Vec<String>, String> {
    let Some(folder) = env::var_os("AUTH_VECTORS") else { return Ok(Vec::new()) };
    let path = Path::new(&folder).join("../attacks.md");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let ids = text.lines().filter_map(|line| {
        let id = line.strip_prefix("- ")?.split_whitespace().next()?;
        let (section, number) = id.split_once('-')?;
        let is_id = section.chars().all(|letter| letter.is_ascii_uppercase())
            && number.len() == 2
            && number.chars().all(|digit| digit.is_ascii_digit());
        is_id.then(|| id.to_owned())
    });
    let ids: Vec<String> = ids.collect();
    if ids.is_empty() { Err(format!("{} lists no attack", path.display())) } else { Ok(ids) }
}
