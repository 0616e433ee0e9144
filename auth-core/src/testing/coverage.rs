//! Which routes of a service a test is about.

use http::{Method, Request};

use crate::access::{AccessRow, AccessTable};

/// The end of a path in the table that stands for every path that no route matches.
const FALLBACK: &str = "/*";

/// The routes of the table that none of the requests goes to.
pub(super) fn uncovered<'a, B: 'a>(
    table: &AccessTable,
    requests: impl Iterator<Item = &'a Request<B>>,
) -> Vec<String> {
    let router = Router::new(table);
    let reached: Vec<&AccessRow> = requests
        .filter_map(|request| router.route(request.method(), request.uri().path()))
        .collect();
    let missing = table.rows().iter().filter(|row| !reached.contains(row));
    missing.map(|row| format!("{} {} ({})", row.method, row.path, row.policy)).collect()
}

/// Finds the row of a request as axum finds its handler.
struct Router<'a> {
    rows: &'a [AccessRow],
    paths: matchit::Router<&'a str>,
}

impl<'a> Router<'a> {
    fn new(table: &'a AccessTable) -> Self {
        let rows = table.rows();
        let mut paths = matchit::Router::new();
        for row in rows.iter().filter(|row| !row.path.ends_with(FALLBACK)) {
            // A path is there once for each method. Others fit: the service has been wired with them.
            let _ = paths.insert(&row.path, row.path.as_str());
        }
        Self { rows, paths }
    }

    fn route(&self, method: &Method, path: &str) -> Option<&'a AccessRow> {
        let path = match self.paths.at(path) {
            Ok(found) => found.value,
            Err(_) => self.fallback(path)?,
        };
        let row =
            |method: &str| self.rows.iter().find(|row| row.path == path && row.method == method);
        let head_as_get = || (method == Method::HEAD).then(|| row("GET")).flatten();
        row(method.as_str()).or_else(head_as_get).or_else(|| row("*"))
    }

    /// The fallback with the longest prefix.
    fn fallback(&self, path: &str) -> Option<&'a str> {
        let fallbacks = self.rows.iter().map(|row| row.path.as_str()).filter(|fallback| {
            let below =
                fallback.strip_suffix(FALLBACK).and_then(|prefix| path.strip_prefix(prefix));
            below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        fallbacks.max_by_key(|fallback| fallback.len())
    }
}
