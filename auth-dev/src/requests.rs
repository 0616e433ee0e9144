//! How often each path was asked for.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::lock::lock;

/// More than any client asks for by itself.
const MAX_PATHS: usize = 1000;

#[derive(Default)]
pub(crate) struct Requests(Mutex<BTreeMap<String, u64>>);

impl Requests {
    pub(crate) fn count(&self, path: &str) {
        let mut paths = lock(&self.0);
        if let Some(count) = paths.get_mut(path) {
            *count += 1;
        } else if paths.len() < MAX_PATHS {
            paths.insert(path.to_owned(), 1);
        }
    }

    pub(crate) fn of(&self, path: &str) -> u64 {
        lock(&self.0).get(path).copied().unwrap_or_default()
    }

    pub(crate) fn all(&self) -> BTreeMap<String, u64> {
        lock(&self.0).clone()
    }
}
