//! Where somebody is sent after signing in: a path of this service, and nowhere else.

use std::borrow::Cow;

use url::Url;

/// Longer than any path that somebody was at.
const MAX_LEN: usize = 2048;

/// Proxies and frameworks decode once, some twice.
const DECODINGS: usize = 2;

/// Where to send somebody who wants to go back to `wanted`: there, if it is a path of this service such
/// as `/posts/7?tab=comments`, or else to `/`.
///
/// Browsers read `//evil.test`, `/\\evil.test` and `/%09/evil.test` as other sites, some of them only
/// after somebody has decoded them on the way. So a path is taken as it is or not at all.
///
/// ```
/// use auth_core::session::return_path;
///
/// assert_eq!(return_path("/posts/7?tab=comments"), "/posts/7?tab=comments");
/// assert_eq!(return_path("//evil.test"), "/");
/// ```
#[must_use]
pub fn return_path(wanted: &str) -> &str {
    if is_path_of_service(wanted) { wanted } else { "/" }
}

pub(crate) fn is_path_of_service(path: &str) -> bool {
    // A browser writes what is beyond ASCII in percents; raw, it is for headers and people to misread.
    if path.len() > MAX_LEN || !path.is_ascii() {
        return false;
    }
    let mut decoded = Cow::Borrowed(path);
    for _ in 0..=DECODINGS {
        if !is_plain(&decoded) || !stays_here(&decoded) {
            return false;
        }
        match decode(&decoded) {
            Some(once_more) => decoded = Cow::Owned(once_more),
            None => return false,
        }
    }
    true
}

/// One slash at the start, and nothing that a browser drops or takes for a slash. What has been
/// decoded may have a space or a letter beyond ASCII, which no host begins with.
fn is_plain(path: &str) -> bool {
    let rest = path.strip_prefix('/');
    let is_path = rest.is_some_and(|rest| !rest.starts_with(['/', '\\']));
    is_path
        && path.chars().all(|c| c != '\\' && !c.is_control() && c != '\u{2028}' && c != '\u{2029}')
}

/// What a browser makes of it.
fn stays_here(path: &str) -> bool {
    let Ok(here) = Url::parse("https://service.test/dashboard") else { return false };
    here.join(path).is_ok_and(|url| {
        // `/.//evil.test` is `//evil.test` to whoever resolves the dots first.
        url.origin() == here.origin() && !url.path().starts_with("//")
    })
}

fn decode(text: &str) -> Option<String> {
    let bytes: Vec<u8> = percent_encoding::percent_decode_str(text).collect();
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_this_service_is_taken_as_it_is() {
        for path in [
            "/",
            "/posts/7?tab=comments&next=%2Fother#top",
            "/search?q=a%20b%26c",
            "/caf%C3%A9",
            "/?next=//elsewhere.test",
            "/http://elsewhere.test",
            "/a/../b",
        ] {
            assert_eq!(return_path(path), path);
        }
    }

    #[test]
    fn everything_else_is_none() {
        let long = format!("/{}", "a".repeat(MAX_LEN));
        for path in [
            "",
            "posts",
            "?next=/",
            "#//evil.test",
            "//evil.test",
            "/\\evil.test",
            "\\/evil.test",
            "\\\\evil.test",
            "https://evil.test",
            "http:evil.test",
            "javascript:alert(1)",
            "data:text/html,x",
            "//evil.test@service.test",
            "/\t/evil.test",
            "/\n/evil.test",
            "/\r\n/evil.test",
            "/\0/evil.test",
            "/%09/evil.test",
            "%2f%2fevil.test",
            "/%2f/evil.test",
            "/%2fevil.test",
            "/%5cevil.test",
            "%252f%252fevil.test",
            "/%252fevil.test",
            "/%255cevil.test",
            "/.//evil.test",
            "/a/..//evil.test",
            "/%2e/%2fevil.test",
            "\u{ff0f}\u{ff0f}evil.test",
            "/\u{2028}/evil.test",
            "/\u{ff0f}evil.test",
            "/evil\u{3002}test",
            "/caf\u{e9}",
            "/%ff",
            &long,
        ] {
            assert!(!is_path_of_service(path), "{path:?}");
            assert_eq!(return_path(path), "/");
        }
    }
}
