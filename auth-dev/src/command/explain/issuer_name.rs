//! How the name of an unknown issuer differs from those of known ones.

/// What somebody may have meant, who wrote `found`. Names are compared to the octet, so one that looks
/// right is a riddle without it.
pub(super) fn near_miss<'a>(
    found: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<String> {
    if found.ends_with("/undefined") {
        return Some("whoever made it had no client id: it ends in `undefined`".to_owned());
    }
    let near = |differs: fn(&str, &str) -> Option<String>| {
        known.clone().into_iter().find_map(|name| differs(found, name))
    };
    near(slash)
        .or_else(|| near(space))
        .or_else(|| near(case))
        .or_else(|| near(scheme))
        .or_else(|| near(client))
        .or_else(|| near(server))
}

fn slash(found: &str, known: &str) -> Option<String> {
    if found.strip_suffix('/') == Some(known) {
        return Some(format!("it has one slash too many at its end: `{known}` is known"));
    }
    (known.strip_suffix('/') == Some(found))
        .then(|| format!("it lacks the slash at its end: `{known}` is known"))
}

fn space(found: &str, known: &str) -> Option<String> {
    (found.trim() == known).then(|| format!("it has white space around it: `{known}` is known"))
}

fn case(found: &str, known: &str) -> Option<String> {
    found
        .eq_ignore_ascii_case(known)
        .then(|| format!("upper and lower case differ: `{known}` is known"))
}

fn scheme(found: &str, known: &str) -> Option<String> {
    let (this, found) = found.split_once("://")?;
    let (that, known) = known.split_once("://")?;
    (found == known).then(|| format!("it begins with `{this}`, and the known one with `{that}`"))
}

/// `https://api.workos.com/user_management/client_01A`, and another client there.
fn client(found: &str, known: &str) -> Option<String> {
    let (base, of) = found.rsplit_once('/')?;
    let (known_base, known_of) = known.rsplit_once('/')?;
    (base == known_base && of.starts_with("client_") && known_of.starts_with("client_"))
        .then(|| format!("it is of another client: `{of}`, where this service has `{known_of}`"))
}

/// The same path on another server.
fn server(found: &str, known: &str) -> Option<String> {
    let path = |url: &str| {
        url.find("://").and_then(|at| url.get(at + 3..)?.find('/').map(|end| at + 3 + end))
    };
    let (found, path_of_found) = found.split_at(path(found)?);
    let (known, path_of_known) = known.split_at(path(known)?);
    let own_name = |url: &str| {
        ["localhost", "127.0.0.1"].into_iter().find(|name| url.contains(&format!("//{name}")))
    };
    let hint = match (own_name(found), own_name(known)) {
        (Some(found), Some(known)) if found != known => {
            "; `localhost` and `127.0.0.1` are two names"
        }
        _ => "",
    };
    (path_of_found == path_of_known).then(|| {
        format!("it is of another server: `{found}`, where this service has `{known}`{hint}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_said() {
        let known = ["https://a.test/", "http://localhost:4100/user_management/client_01A"];
        for (found, expected) in [
            ("https://a.test", Some("lacks the slash")),
            ("https://a.test//", Some("one slash too many")),
            ("http://localhost:4100/user_management/client_01A/", Some("one slash too many")),
            (" https://a.test/", Some("white space")),
            ("https://A.test/", Some("upper and lower case")),
            ("http://a.test/", Some("begins with `http`, and the known one with `https`")),
            (
                "http://localhost:4100/user_management/client_01B",
                Some("`client_01B`, where this service has `client_01A`"),
            ),
            (
                "http://127.0.0.1:4100/user_management/client_01A",
                Some("another server: `http://127.0.0.1:4100`"),
            ),
            ("https://b.test/", Some("another server: `https://b.test`")),
            ("https://a.test/user_management/undefined", Some("no client id")),
            ("https://b.test/x", None),
            ("", None),
        ] {
            let said = near_miss(found, known);
            match expected {
                None => assert_eq!(said, None, "{found}"),
                Some(expected) => assert!(
                    said.as_ref().is_some_and(|said| said.contains(expected)),
                    "{found}: {said:?}"
                ),
            }
        }
    }
}
