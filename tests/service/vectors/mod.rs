//! Other people's test vectors. They are read from the folder that `AUTH_VECTORS` names, and are not
//! part of this repository; `cargo xtask vectors` runs this.

mod caller;
mod email;
mod jose;
mod open_redirect;
mod recipe;
mod wycheproof;

use std::fmt::Debug;
use std::path::PathBuf;
use std::{env, fs};

use serde_json::Value;

/// A file of a source, as text.
fn text(path: &str) -> String {
    let folder = env::var("AUTH_VECTORS").expect("AUTH_VECTORS names the folder of the vectors");
    let path = PathBuf::from(folder).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json(path: &str) -> Value {
    serde_json::from_str(&text(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn array(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

/// Counts the cases of a source, and says what came in place of what had to come.
struct Source {
    name: &'static str,
    cases: usize,
    differences: Vec<String>,
}

impl Source {
    fn new(name: &'static str) -> Self {
        Self { name, cases: 0, differences: Vec::new() }
    }

    fn expect<T: Debug + PartialEq>(&mut self, case: impl Debug, came: T, expected: T) {
        self.cases += 1;
        if came != expected {
            self.differences.push(format!("{case:?}: {came:?} came in place of {expected:?}"));
        }
    }

    /// Prints a line, and fails if a case differs or is missing.
    fn finish(self, cases: usize) {
        let Self { name, cases: seen, differences } = self;
        let different = differences.len();
        println!(
            "vectors {name}: {seen} cases, {} as expected, {different} different",
            seen - different
        );
        assert_eq!(seen, cases, "the number of cases of {name}");
        assert!(differences.is_empty(), "{differences:#?}");
    }
}
