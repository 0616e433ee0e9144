//! Comparing the access table with the one that was reviewed.

use std::path::Path;
use std::{env, fs};

use super::AccessTable;

/// The environment variable that has snapshots written instead of compared.
const UPDATE: &str = "UPDATE_ACCESS_TABLE";

/// Fails if the access table of a service is not the one in a file, so that a change of who may do
/// what shows up in review.
///
/// The path is relative to the package. `UPDATE_ACCESS_TABLE=1 cargo test` writes the file.
///
/// ```no_run
/// # fn app() -> auth_core::axum::App { unimplemented!() }
/// #[test]
/// fn access_is_as_reviewed() {
///     auth_core::assert_access_table!(app().access_table(), "tests/access.txt");
/// }
/// ```
#[macro_export]
macro_rules! assert_access_table {
    ($table:expr, $file:expr $(,)?) => {
        if let Err(difference) = $table.compare_with(env!("CARGO_MANIFEST_DIR"), $file) {
            panic!("{difference}");
        }
    };
}

impl AccessTable {
    /// What [`assert_access_table!`](crate::assert_access_table) does.
    #[doc(hidden)]
    pub fn compare_with(&self, package: &str, file: &str) -> Result<(), String> {
        let path = Path::new(package).join(file);
        let table = self.to_string();
        if env::var_os(UPDATE).is_some() {
            return fs::write(&path, table).map_err(|error| format!("{}: {error}", path.display()));
        }
        let reviewed = fs::read_to_string(&path).map_err(|error| {
            format!(
                "{}: {error}; write it with `{UPDATE}=1 cargo test`, and review it",
                path.display()
            )
        })?;
        compare(&reviewed, &table).map_err(|difference| {
            format!(
                "who may do what is not as in {}:\n{difference}If it should be so, write it with \
                 `{UPDATE}=1 cargo test`, and have the change reviewed.",
                path.display()
            )
        })
    }
}

/// The lines that only one of the two has.
fn compare(reviewed: &str, table: &str) -> Result<(), String> {
    // Columns move when a longer text comes; that is no change of access.
    let lines = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    let (before, after) = (lines(reviewed), lines(table));
    if before == after {
        return Ok(());
    }
    let only = |sign: char, these: &[String], those: &[String]| -> String {
        let missing = these.iter().filter(|line| !those.contains(line));
        missing.map(|line| format!("{sign} {line}\n")).collect()
    };
    Err(only('-', &before, &after) + &only('+', &after, &before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_change_of_access_differs() {
        let reviewed = "GET  /a  admin  a\nGET  /b  public (probe)  b\n";
        assert_eq!(compare(reviewed, reviewed), Ok(()));
        assert_eq!(compare(reviewed, "GET /a     admin a\nGET /b public (probe)    b\n"), Ok(()));
        assert_eq!(
            compare(reviewed, "GET  /a  authenticated  a\nGET  /b  public (probe)  b\n"),
            Err("- GET /a admin a\n+ GET /a authenticated a\n".to_owned())
        );
        assert_eq!(
            compare(reviewed, "GET  /a  admin  a\n"),
            Err("- GET /b public (probe) b\n".to_owned())
        );
    }

    #[test]
    fn a_file_that_is_not_there_says_how_to_write_it() {
        let error = AccessTable::default().compare_with("/nowhere", "access.txt").unwrap_err();
        assert!(error.contains("UPDATE_ACCESS_TABLE=1 cargo test"), "{error}");
    }
}
