//! Counts cases by the id of the attack, and says what came in place of what had to come.

use std::collections::BTreeMap;
use std::fmt::Debug;

/// The cases of one part of the list.
pub(super) struct Suite {
    cases: BTreeMap<&'static str, Vec<Result<(), String>>>,
}

impl Suite {
    pub(super) fn new() -> Self {
        Self { cases: BTreeMap::new() }
    }

    /// Notes a case.
    pub(super) fn expect<T: Debug + PartialEq>(
        &mut self,
        id: &'static str,
        case: impl Debug,
        came: T,
        expected: T,
    ) {
        let result = if came == expected {
            Ok(())
        } else {
            Err(format!("{case:?}: {came:?} came in place of {expected:?}"))
        };
        self.cases.entry(id).or_default().push(result);
    }

    /// Prints a line for each id, and fails if one of them differs.
    pub(super) fn finish(self) {
        let mut differences = Vec::new();
        for (id, results) in &self.cases {
            let errors: Vec<&String> =
                results.iter().filter_map(|result| result.as_ref().err()).collect();
            match errors.as_slice() {
                [] => println!("attack {id} ok ({} cases)", results.len()),
                [first, ..] => println!("attack {id} DIFFERENT {first}"),
            }
            differences.extend(errors.into_iter().map(|error| format!("{id}: {error}")));
        }
        assert!(differences.is_empty(), "{differences:#?}");
    }
}
