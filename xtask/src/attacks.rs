//! The list of attacks, line by line: what the tests answered, what waits for a part that does not
//! exist yet, and what does not apply.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{env, fs};

use crate::step::{cargo, output_of};

/// Lines that need a part which does not exist yet, by the beginnings of their ids.
const WAITING: [(&str, &str); 6] = [
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

/// Lines that are mistakes in a program: what the compiler says of each is in these files of
/// `tests/ui`, which the tests hold it to.
const BY_COMPILER: [(&str, &[&str]); 6] = [
    (
        "MAC-01",
        &[
            "fail/attribute/on_a_struct",
            "fail/attribute/on_a_const",
            "fail/attribute/on_a_closure",
            "fail/attribute/on_a_trait_method_without_a_body",
        ],
    ),
    ("MAC-02", &["fail/handler/unguarded_handler", "fail/actix/unguarded_handler"]),
    (
        "MAC-04",
        &[
            "fail/expression/unknown_word",
            "fail/expression/empty_text",
            "fail/expression/domain_with_an_at_sign",
        ],
    ),
    ("MAC-05", &["fail/proof/direct_call"]),
    (
        "MAC-10",
        &[
            "pass/generics",
            "pass/bodies",
            "pass/other_attributes",
            "pass/actix_nothing_else_is_touched",
        ],
    ),
    ("POL-04", &["fail/expression/nothing_in_parentheses", "fail/expression/empty_group"]),
];

/// The line that is a mistake in how a program is built: `cargo xtask test` has a step for it.
const IN_RELEASE: &str = "MAC-11";

pub(crate) fn check() -> Result<(), String> {
    let mut test = cargo("test --quiet --package auth-workspace --test service attacks::");
    test.args(["--", "--nocapture", "--test-threads", "1"]);
    let (passed, output) = output_of(&mut test)?;
    let answered = verdicts(&output);
    let listed = listed_ids()?;

    let mut totals: BTreeMap<&str, usize> = BTreeMap::new();
    let ids: BTreeSet<&str> =
        answered.keys().copied().chain(listed.iter().map(String::as_str)).collect();
    for id in ids {
        let (kind, text) = match answered.get(id) {
            Some(verdict) if verdict.starts_with("ok") => ("passed", (*verdict).to_owned()),
            Some(verdict) => ("failed", (*verdict).to_owned()),
            None => answered_elsewhere(id),
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

/// Lines that no attack test answers.
fn answered_elsewhere(id: &str) -> (&'static str, String) {
    let of = |table: &'static [(&str, &'static str)]| {
        table.iter().find(|(prefix, _)| id.starts_with(prefix)).map(|(_, why)| *why)
    };
    if let Some(part) = of(&WAITING) {
        return ("waiting", format!("waiting: {part}"));
    }
    if let Some(source) = of(&IN_VECTORS) {
        return ("by vectors", format!("by the vectors {source}"));
    }
    if id == IN_RELEASE {
        return ("by compiler", "by the step `test kit in release`".to_owned());
    }
    match BY_COMPILER.iter().find(|(known, _)| *known == id) {
        None => ("failed", "not answered by any test".to_owned()),
        Some((_, files)) => {
            let mut files_there = files.iter().map(|file| format!("tests/ui/{file}.rs"));
            match files_there.find(|file| !Path::new(file).exists()) {
                Some(missing) => ("failed", format!("{missing} is missing")),
                None => ("by compiler", format!("by the compiler: {}", files.join(", "))),
            }
        }
    }
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
