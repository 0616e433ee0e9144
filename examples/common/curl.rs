//! What to paste into a shell to see the guards work.

use std::fmt::Write;

use auth_core::{AccessRow, AccessTable};
use auth_dev::Person;

/// One line for each route and caller, with the status to expect. Tokens live for minutes, so each
/// line fetches a fresh one from `workos_url`; without, only anonymous requests can be told.
pub(crate) fn lines(table: &AccessTable, service_url: &str, workos_url: Option<&str>) -> String {
    let mut lines = String::new();
    // Those of sessions are for browsers, as is the page.
    let rows =
        table.rows().iter().filter(|row| row.handler != "auth_core::session" && row.method != "*");
    for row in rows {
        let command = format!("curl -i -X {} {service_url}{}", row.method, sample(&row.path));
        let _ = writeln!(lines, "{command}  # {}", expected_status(row, None));

        let Some(workos_url) = workos_url else {
            continue;
        };
        for person in Person::ALL {
            let token = format!("$(curl -s {workos_url}/_dev/token/{})", person.name());
            let status = expected_status(row, Some(person));
            let _ = writeln!(lines, "{command} -H \"Authorization: Bearer {token}\"  # {status}");
        }
    }
    lines
}

/// The path with numbers for its parameters.
fn sample(path: &str) -> String {
    let sampled =
        path.split('/').map(|segment| if segment.starts_with('{') { "7" } else { segment });
    sampled.collect::<Vec<_>>().join("/")
}

fn expected_status(row: &AccessRow, caller: Option<Person>) -> u16 {
    let success = if row.method == "DELETE" { 204 } else { 200 };
    match (row.policy.as_str(), caller) {
        ("public", _) | ("authenticated", Some(_)) | ("admin", Some(Person::Admin)) => success,
        (_, None) => 401,
        (_, Some(_)) => 403,
    }
}
