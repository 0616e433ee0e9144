//! Which routes of a service a test is about.

use http::{Method, Request};

use crate::access::{AccessRow, AccessTable};

/// The routes of the table that none of the requests goes to.
pub(super) fn uncovered<'a, B: 'a>(
    table: &AccessTable,
    requests: impl Iterator<Item = &'a Request<B>>,
) -> Vec<String> {
    let reached: Vec<&AccessRow> = requests
        .flat_map(|request| reached(table, request.method(), request.uri().path()))
        .collect();
    let missing = table.rows().iter().filter(|row| !reached.contains(row));
    missing.map(|row| format!("{} {} ({})", row.method, row.path, row.policy)).collect()
}

/// The rows that a request may go to: those of the most exact path that fits. Several are as exact
/// only where regular expressions tell them apart, which are not looked at here.
fn reached<'a>(table: &'a AccessTable, method: &Method, path: &str) -> Vec<&'a AccessRow> {
    let mut fitting: Vec<(Vec<Exactness>, &AccessRow)> = Vec::new();
    for row in table.rows() {
        fitting.extend(exactness(&row.path, path).map(|exactness| (exactness, row)));
    }
    let most = fitting.iter().map(|(exactness, _)| exactness.clone()).max();
    fitting.retain(|(exactness, _)| Some(exactness) == most.as_ref());

    let by_method = |method: &str| {
        let rows = fitting.iter().filter(|(_, row)| row.method == method);
        rows.map(|(_, row)| *row).collect::<Vec<_>>()
    };
    let get_answers_head = if method == Method::HEAD { "GET" } else { method.as_str() };
    let mut candidates = [method.as_str(), get_answers_head, "*"].into_iter().map(by_method);
    candidates.find(|rows| !rows.is_empty()).unwrap_or_default()
}

/// How exactly a segment of a pattern says what stands in a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Exactness {
    Fallback,
    Rest,
    Parameter,
    Text,
}

/// How exactly a pattern fits a path, segment by segment; `None` if it does not.
fn exactness(pattern: &str, path: &str) -> Option<Vec<Exactness>> {
    let mut segments = path.split('/');
    let mut exactness = Vec::new();
    for wanted in pattern.split('/') {
        if wanted == "*" {
            exactness.push(Exactness::Fallback);
            return Some(exactness);
        }
        let segment = segments.next()?;
        let of_segment = match wanted.split_once('{') {
            None => (wanted == segment).then_some(Exactness::Text)?,
            Some((_, parameter)) if is_rest(parameter) => {
                exactness.push(Exactness::Rest);
                return Some(exactness);
            }
            Some((before, parameter)) => {
                let after = parameter.rsplit_once('}').map_or("", |(_, after)| after);
                let value = segment.strip_prefix(before)?.strip_suffix(after)?;
                (!value.is_empty()).then_some(Exactness::Parameter)?
            }
        };
        exactness.push(of_segment);
    }
    segments.next().is_none().then_some(exactness)
}

/// `{*rest}` of axum; `{rest}*` and `{rest:.*}` of actix.
fn is_rest(parameter: &str) -> bool {
    parameter.starts_with('*') || parameter.ends_with("}*") || parameter.ends_with(":.*}")
}

#[cfg(test)]
mod tests {
    use super::Exactness::{Fallback, Parameter, Rest, Text};
    use super::*;

    #[test]
    fn a_pattern_fits_as_the_frameworks_say() {
        for (pattern, path, expected) in [
            ("/", "/", Some(vec![Text, Text])),
            ("/me", "/me", Some(vec![Text, Text])),
            ("/me", "/me/", None),
            ("/me", "/you", None),
            ("/posts/{id}", "/posts/7", Some(vec![Text, Text, Parameter])),
            ("/posts/{id}", "/posts/", None),
            ("/posts/{id}", "/posts/7/8", None),
            (r"/posts/{id:\d{1,3}}", "/posts/7", Some(vec![Text, Text, Parameter])),
            ("/{name}.json", "/a.json", Some(vec![Text, Parameter])),
            ("/{name}.json", "/a.xml", None),
            ("/files/{*rest}", "/files/a/b", Some(vec![Text, Text, Rest])),
            ("/files/{rest}*", "/files/a/b", Some(vec![Text, Text, Rest])),
            ("/files/{rest:.*}", "/files/a/b", Some(vec![Text, Text, Rest])),
            ("/files/{*rest}", "/files", None),
            ("/files/*", "/files", Some(vec![Text, Text, Fallback])),
            ("/files/*", "/files/a/b", Some(vec![Text, Text, Fallback])),
            ("/files/*", "/filesystem", None),
            ("/*", "/anything/at/all", Some(vec![Text, Fallback])),
        ] {
            assert_eq!(exactness(pattern, path), expected, "{pattern} {path}");
        }
    }
}
