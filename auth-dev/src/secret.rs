//! What must not be shown even where it stands by mistake: a token given as the wrong argument ends
//! up in the message about that argument.

/// The beginning of every token (`{"` in base64url), of every API key and of every secret of a webhook.
const BEGINNINGS: [&str; 4] = ["eyJ", "eyA", "sk_", "whsec_"];
/// Longer than what texts say about them, such as `sk_test_`.
const SHORTEST_SECRET: usize = 13;
/// Longer than a name. What is as long may be the rest of a token.
const LONGEST_NAME: usize = 64;

const NOT_SHOWN: &str = "(not shown, it looks like a secret)";

/// The text without what looks like a token or a key.
pub(crate) fn hidden(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_of_secrets(c)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        let start = if word.len() > LONGEST_NAME { Some(0) } else { start_of_secret(word) };
        match start {
            Some(start) => shown.extend([word.get(..start).unwrap_or_default(), NOT_SHOWN]),
            None => shown.push_str(word),
        }
        let next = behind.find(is_of_secrets).unwrap_or(behind.len());
        let (between, behind) = behind.split_at(next);
        shown.push_str(between);
        rest = behind;
    }
    shown
}

fn start_of_secret(word: &str) -> Option<usize> {
    let start = BEGINNINGS.iter().filter_map(|beginning| word.find(beginning)).min()?;
    (word.len() - start >= SHORTEST_SECRET).then_some(start)
}

fn is_of_secrets(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | '+' | '=' | '~')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_keys_are_hidden_and_all_else_is_kept() {
        let long = "A".repeat(65);
        for (text, expected) in [
            ("", ""),
            ("cannot read `keys.json`: no such file", "cannot read `keys.json`: no such file"),
            ("write `sk_test_` or `sk_live_`", "write `sk_test_` or `sk_live_`"),
            (
                "'eyJhbGciOiJSUzI1NiJ9.e30.c2ln' found",
                "'(not shown, it looks like a secret)' found",
            ),
            (
                "\u{1b}[33meyJhbGciOiJSUzI1NiJ9\u{1b}[0m",
                "\u{1b}[33m(not shown, it looks like a secret)\u{1b}[0m",
            ),
            ("key=sk_live_0123456789", "key=(not shown, it looks like a secret)"),
            ("\"whsec_0123456789\"", "\"(not shown, it looks like a secret)\""),
            (&format!("ü {long}/x"), "ü (not shown, it looks like a secret)/x"),
        ] {
            assert_eq!(hidden(text), expected);
        }
    }
}
