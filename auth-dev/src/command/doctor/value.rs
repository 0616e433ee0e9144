//! What any value can have wrong with it, and how it is shown.

use url::Url;

use super::settings::{SECRETS, Setting, Settings};
use crate::command::report::{Finding, Outcome};
use crate::command::servers::is_loopback;
use crate::secret::hidden;

/// What is wrong with any value, whatever it is for.
pub(super) fn untidy(
    name: &'static str,
    setting: &Setting,
    settings: &Settings,
) -> Option<Finding> {
    let value = &setting.value;
    let is_secret = SECRETS.contains(&name);
    let is_secret_of_another = !is_secret && settings.has_secret(value);
    let is_quoted = value.starts_with(['"', '\'', '`']) || value.ends_with(['"', '\'', '`']);
    let (what, mend) = if value.is_empty() {
        ("is empty", "give it a value, or take the line out")
    } else if is_secret_of_another {
        ("has a secret (not shown) that belongs into another variable", "put its own value there")
    } else if ["undefined", "null"].contains(&value.as_str())
        || value.contains("undefined") && !is_secret
    {
        (
            "is `undefined`",
            "find out which script or host filled it in from a variable without a value",
        )
    } else if is_quoted {
        (
            "has quotes in its value",
            "take the quotes out: not every reader of such a file does (Docker does not)",
        )
    } else if value.trim() != value || value.chars().any(char::is_whitespace) && !is_secret {
        ("has spaces or line breaks in its value", "take them out")
    } else if !is_secret && ["XXXXXX", "yourdomain"].iter().any(|part| value.contains(part)) {
        ("is the placeholder of an example", "put your own value there")
    } else {
        return None;
    };
    Some(Finding::new(name, Outcome::Failed, format!("{what}, {}", setting.from())).mend(mend))
}

pub(super) fn shown(name: &'static str, setting: &Setting) -> Finding {
    let says = format!("{}, {}", without_secret(&setting.value), setting.from());
    Finding::new(name, Outcome::Ok, says)
}

/// A URL may have a password.
pub(super) fn without_secret(value: &str) -> String {
    let has_password = value.contains("://") && value.contains('@');
    if has_password { "what is set (not shown, it has an `@`)".to_owned() } else { hidden(value) }
}

/// A URL that a browser can be sent to with a code.
pub(super) fn page_url(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| {
        let is_safe = url.scheme() == "https" || url.scheme() == "http" && is_loopback(url);
        is_safe && url.fragment().is_none() && url.username().is_empty()
    })
}
