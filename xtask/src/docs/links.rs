//! Links within the repository lead somewhere.

use super::page::{Link, Page};
use super::repository::Repository;

/// Links of a page that lead nowhere.
pub(super) fn mistakes(page: &Page, repository: &Repository) -> Vec<String> {
    let inside = page.links.iter().filter(|link| !link.is_elsewhere());
    let mistaken = inside.filter_map(|Link { line, target }| {
        let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
        let Some(path) = resolve(&page.path, path) else {
            return Some(format!("line {line}: {target} leads out of the repository"));
        };
        if !repository.has(&path) {
            return Some(format!("line {line}: there is no {path}"));
        }
        let is_there = match repository.page(&path) {
            Some(page) => page.anchors.contains(anchor),
            None => is_line(anchor),
        };
        (!anchor.is_empty() && !is_there).then(|| format!("line {line}: {path} has no #{anchor}"))
    });
    mistaken.collect()
}

/// The path in the repository that one relative to a page stands for; none if it leads out of it.
fn resolve(page: &str, relative: &str) -> Option<String> {
    if relative.is_empty() {
        return Some(page.to_owned());
    }
    if relative.starts_with('/') {
        return None;
    }
    let mut segments: Vec<&str> = page.split('/').collect();
    segments.pop();
    for segment in relative.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            name => segments.push(name),
        }
    }
    Some(segments.join("/"))
}

/// A line of a file, or some lines, as GitHub calls them: `L7`, `L7-L9`.
fn is_line(anchor: &str) -> bool {
    anchor.split('-').all(|line| {
        let number = line.strip_prefix('L').unwrap_or_default();
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_stays_in_the_repository() {
        assert_eq!(resolve("docs/src/a.md", "../b.md").as_deref(), Some("docs/b.md"));
        assert_eq!(resolve("docs/src/a.md", "../../../b.md"), None);
    }
}
