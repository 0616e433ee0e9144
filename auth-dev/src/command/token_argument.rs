//! A token as an argument of a command.

use std::io::Read;

use super::Failure;

/// The token that was given, or with `-` stands on standard input, without what stands before it in a
/// header.
pub(super) fn read(given: &str) -> Result<String, Failure> {
    let mut text = given.to_owned();
    if given == "-" {
        text.clear();
        std::io::stdin()
            .read_to_string(&mut text)
            .map_err(|error| format!("standard input cannot be read: {error}"))?;
    }
    let mut token = text.trim();
    for prefix in ["authorization:", "bearer "] {
        let (head, rest) = token.split_at_checked(prefix.len()).unwrap_or_default();
        if head.eq_ignore_ascii_case(prefix) {
            token = rest.trim_start();
        }
    }
    Ok(token.to_owned())
}
