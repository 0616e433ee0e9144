//! The list of attacks, line by line: what the tests answered, and what answers it elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{env, fs};

use crate::command::{cargo, output_of, succeed};

/// As `cargo xtask test` builds its tests, after which there is nothing left to build.
const TESTS: &str = "test --workspace --test service";

/// Lines about speed, which no test asserts.
const IN_BENCHMARKS: [(&str, &str); 1] = [("DOS-06", "cargo xtask bench storm")];

/// Lines that tests of sessions answer, each of them on axum and on actix unless it is about neither.
const BY_SESSIONS: [(&str, &str); 33] = [
    ("SES-01", "callback::only_what_this_browser_has_begun_is_taken"),
    ("SES-02", "callback::only_what_this_browser_has_begun_is_taken"),
    ("SES-03", "callback::only_what_this_browser_has_begun_is_taken"),
    ("SES-04", "callback::only_what_this_browser_has_begun_is_taken"),
    ("SES-06", "callback::only_what_this_browser_has_begun_is_taken"),
    ("SES-07", "callback::only_what_this_browser_has_begun_is_taken"),
    ("SES-08", "callback::only_what_this_browser_has_begun_is_taken"),
    ("SES-09", "journey::the_cookie_is_for_the_service_alone_and_no_cache_keeps_what_hangs_on_it"),
    ("SES-10", "callback::what_is_no_session_of_this_service_is_not_taken"),
    ("SES-11", "callback::a_redirect_of_the_token_endpoint_is_not_followed"),
    ("SES-12", "callback::a_session_that_was_there_before_is_another_one_after_signing_in"),
    ("SES-13", "requests::a_cookie_that_is_not_whole_is_taken_away_and_routes_for_everybody_go_on"),
    ("SES-15", "requests::a_password_is_changed_without_signing_anybody_out"),
    ("SES-17", "refresh::a_session_that_is_idle_or_old_is_over"),
    ("SES-18", "requests::over_https_no_other_host_can_set_the_cookie"),
    ("SES-19", "requests::a_long_session_is_split_and_whole_again"),
    ("SES-20", "requests::the_same_name_twice_is_ambiguous_and_another_name_is_another_cookie"),
    ("SES-21", "requests::what_changes_something_must_come_from_the_services_own_page"),
    ("SES-23", "revocation::a_cookie_of_before_the_sign_out_is_worth_nothing"),
    ("SES-24", "refresh::fifty_requests_with_an_expired_token_cause_one_refresh"),
    ("SES-25", "refresh::an_outage_throws_nobody_out"),
    ("SES-28", "logs::no_token_and_no_cookie_is_logged"),
    ("RED-01", "return_path::nobody_is_led_to_another_site"),
    ("RED-02", "return_path::nobody_is_led_to_another_site"),
    ("RED-03", "return_path::nobody_is_led_to_another_site"),
    ("RED-05", "return_path::nobody_is_led_to_another_site"),
    ("RED-07", "return_path::nobody_is_led_to_another_site"),
    ("RED-08", "return_path::nobody_is_led_to_another_site"),
    ("RED-11", "journey::a_browser_comes_back_to_where_it_was_and_nowhere_else"),
    ("RED-12", "requests::a_sign_out_leads_where_the_service_says"),
    ("HTTP-08", "requests::a_token_and_a_session_are_one_too_many"),
    ("HTTP-14", "requests::the_same_name_twice_is_ambiguous_and_another_name_is_another_cookie"),
    ("DOS-09", "callback::a_server_that_hangs_takes_nobody_down"),
];

/// The line that only the inside of `auth-core` can be asked about: `cargo xtask test` runs this test.
const BY_UNIT_TEST: (&str, &str) = ("SES-16", "session::kept::tests::what_is_no_session_is_none");

/// Lines that are vectors and nothing else.
const IN_VECTORS: [(&str, &str); 6] = [
    ("SIG-11", "rsa_signature_2048, 3072 and 4096"),
    ("SIG-12", "ecdsa_secp256r1_sha256_p1363"),
    ("SIG-13", "ed25519 and ed25519-speccheck"),
    ("ADM-06", "email"),
    ("ADM-09", "email"),
    ("RED-09", "open-redirect"),
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
    // What does not build says so, and not that nobody answers.
    succeed(cargo(&format!("{TESTS} --no-run")))?;
    let mut test = cargo(&format!("{TESTS} --quiet attacks::"));
    test.args(["--", "--nocapture", "--test-threads", "1"]);
    let (passed, output) = output_of(&mut test)?;
    let mut sessions = cargo(TESTS);
    sessions.arg("--").args(BY_SESSIONS.map(|(_, test)| test));
    let (_, of_sessions) = output_of(&mut sessions)?;
    let answered = verdicts(&output);
    let listed = listed_ids()?;

    let mut totals: BTreeMap<&str, usize> = BTreeMap::new();
    let ids: BTreeSet<&str> =
        answered.keys().copied().chain(listed.iter().map(String::as_str)).collect();
    for id in ids {
        let (kind, text) = match answered.get(id) {
            Some(verdict) if verdict.starts_with("ok") => ("passed", (*verdict).to_owned()),
            Some(verdict) => ("failed", (*verdict).to_owned()),
            None => {
                answered_by_sessions(id, &of_sessions).unwrap_or_else(|| answered_elsewhere(id))
            }
        };
        println!("{id:<8} {text}");
        *totals.entry(kind).or_default() += 1;
    }
    let totals: Vec<String> =
        totals.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    println!("attacks: {}", totals.join(", "));
    if listed.is_empty() {
        println!("the list itself: not checked (AUTH_VECTORS is not set)");
    }
    let failed = !passed || totals.iter().any(|total| total.ends_with("failed"));
    if failed { Err(format!("attacks differ:\n{output}")) } else { Ok(()) }
}

/// Lines that the tests of sessions answer.
fn answered_by_sessions(id: &str, output: &str) -> Option<(&'static str, String)> {
    let (_, test) = BY_SESSIONS.iter().find(|(known, _)| *known == id)?;
    let name = format!("test sessions::{test}");
    let mut runs = output.lines().filter(|line| line.starts_with(&name)).peekable();
    let is_ok = runs.peek().is_some() && runs.all(|line| line.ends_with(" ... ok"));
    Some(match is_ok {
        true => ("passed", format!("ok (sessions::{test})")),
        false => ("failed", format!("DIFFERENT: see the test sessions::{test}")),
    })
}

/// Lines that no attack test answers.
fn answered_elsewhere(id: &str) -> (&'static str, String) {
    let of = |table: &'static [(&str, &'static str)]| {
        table.iter().find(|(prefix, _)| id.starts_with(prefix)).map(|(_, why)| *why)
    };
    if let Some(command) = of(&IN_BENCHMARKS) {
        return ("measured", format!("measured by `{command}`"));
    }
    if id == BY_UNIT_TEST.0 {
        return ("by unit test", format!("by the unit test {}", BY_UNIT_TEST.1));
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
