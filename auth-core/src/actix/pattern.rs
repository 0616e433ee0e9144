//! A path as actix reads it.

use std::collections::BTreeSet;
use std::panic;

use actix_web::dev::ResourceDef;

/// A path of a route, or of a scope.
#[derive(Clone)]
pub(super) struct Pattern {
    pub(super) text: String,
    pub(super) parameters: Vec<String>,
    definition: ResourceDef,
    /// Paths that it fits; all different where it has parameters.
    samples: Vec<String>,
}

/// What may stand in a parameter: it depends on the regular expression there.
const VALUES: [&str; 10] = [
    "zqxj",
    "7319",
    "ZQXJ",
    "z-7",
    "7",
    "3",
    "7f3a91c2",
    "2026-07-31",
    "7f3a91c24bd84c0e9a1d5e6f70819234",
    "7f3a91c2-4bd8-4c0e-9a1d-5e6f70819234",
];

impl Pattern {
    pub(super) fn of_route(path: &str) -> Result<Self, String> {
        Self::read(path, |path| ResourceDef::new(path))
    }

    pub(super) fn of_scope(prefix: &str) -> Result<Self, String> {
        if prefix == "/" {
            return Err("that is no prefix; call `merge`".to_owned());
        }
        if prefix.ends_with('/') {
            return Err("a prefix has no slash at the end".to_owned());
        }
        if prefix.ends_with('*') {
            return Err("a prefix has no parameter for the rest of the path".to_owned());
        }
        Self::read(prefix, ResourceDef::root_prefix)
    }

    /// Of a route attribute, where a path may be empty or lack the slash.
    pub(super) fn of_attribute(path: &str) -> Result<Self, String> {
        match path {
            "" => Ok(Self {
                text: String::new(),
                parameters: Vec::new(),
                definition: ResourceDef::new(""),
                samples: vec![String::new()],
            }),
            path if path.starts_with('/') => Self::of_route(path),
            path => Self::of_route(&format!("/{path}")),
        }
    }

    fn read(path: &str, define: fn(&str) -> ResourceDef) -> Result<Self, String> {
        if !path.starts_with('/') {
            return Err("a path starts with `/`".to_owned());
        }
        if path.split('/').any(|segment| segment.starts_with(':')) {
            return Err("a parameter is written `{id}`".to_owned());
        }
        if path.contains("{*") || path.ends_with('*') && !path.ends_with("}*") {
            return Err("the rest of a path is written `{rest}*`".to_owned());
        }
        let parts = parts(path).ok_or("a `{` has no `}`")?;
        let parameters = parameters(&parts)?;
        // actix panics where it cannot read a regular expression, and says why.
        let definition = panic::catch_unwind(|| define(path)).map_err(|cause| {
            let cause = cause.downcast::<String>().map(|text| *text);
            cause.unwrap_or_else(|_| "actix cannot read it".to_owned())
        })?;
        let samples = VALUES.iter().map(|value| sample(&parts, value));
        let samples = samples.filter(|sample| definition.is_match(sample)).collect();
        Ok(Self { text: path.to_owned(), parameters, definition, samples })
    }

    pub(super) fn fits(&self, path: &str) -> bool {
        self.definition.is_match(path)
    }

    /// How much of a path belongs to this scope.
    pub(super) fn length_in(&self, path: &str) -> Option<usize> {
        self.definition.find_match(path)
    }

    /// A path that it fits, one for each number below [`Self::SAMPLES`]; `None` if nobody knows one.
    pub(super) fn sample(&self, at: usize) -> Option<&str> {
        self.samples.get(at).or(self.samples.first()).map(String::as_str)
    }

    pub(super) const SAMPLES: usize = VALUES.len();
}

enum Part<'a> {
    Text(&'a str),
    /// What stands between the braces.
    Parameter(&'a str),
}

fn parts(path: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut rest = path;
    while let Some((text, _)) = rest.split_once('{') {
        let braced = rest.strip_prefix(text)?;
        let mut depth = 0_usize;
        let (at, _) = braced.char_indices().find(|(_, character)| {
            match character {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            depth == 0
        })?;
        let (parameter, after) = braced.split_at_checked(at + 1)?;
        parts.push(Part::Text(text));
        parts.push(Part::Parameter(parameter.strip_prefix('{')?.strip_suffix('}')?));
        rest = if after == "*" { "" } else { after };
    }
    parts.push(Part::Text(rest));
    Some(parts)
}

/// The names, if a regular expression can have groups of these names.
fn parameters(parts: &[Part<'_>]) -> Result<Vec<String>, String> {
    let mut known = BTreeSet::new();
    let mut names = Vec::new();
    for part in parts {
        let Part::Parameter(inside) = part else { continue };
        let name = inside.split_once(':').map_or(*inside, |(name, _)| name);
        let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        if !is_name {
            return Err(format!("{name:?} is no name for a parameter"));
        }
        if !known.insert(name) {
            return Err(format!("two parameters are called {name:?}"));
        }
        names.push(name.to_owned());
    }
    Ok(names)
}

fn sample(parts: &[Part<'_>], value: &str) -> String {
    let parts = parts.iter().map(|part| match part {
        Part::Text(text) => *text,
        Part::Parameter(_) => value,
    });
    parts.collect()
}
