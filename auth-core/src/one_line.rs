//! Text for a log, where a peer may have a part in it.

use std::error::Error;

/// The text on one line: what would break it, hide a part of it or turn its direction is escaped.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        let is_plain =
            matches!(character, '"' | '\'' | '\\') || character.escape_debug().len() == 1;
        match is_plain {
            true => line.push(character),
            false => line.extend(character.escape_default()),
        }
    }
    line
}

/// The error and all its causes on one line: the last one is what helps.
pub(crate) fn with_causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    one_line(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Layer(&'static str, #[source] Option<Box<Layer>>);

    #[test]
    fn an_error_is_one_line_with_all_its_causes() {
        let cause = |text| Some(Box::new(Layer(text, None)));
        for (error, expected) in [
            (Layer("refused", None), "refused"),
            (Layer("no answer", cause("reset")), "no answer: reset"),
            (Layer("two\r\nlines\u{1b}[31m", None), "two\\r\\nlines\\u{1b}[31m"),
            (Layer("no answer", cause("\0\u{85}")), "no answer: \\u{0}\\u{85}"),
            (Layer("a\u{2028}b\u{202e}c", None), "a\\u{2028}b\\u{202e}c"),
            (Layer("Zürich says \"no\" \\ 'never'", None), "Zürich says \"no\" \\ 'never'"),
        ] {
            assert_eq!(with_causes(&error), expected);
        }
    }
}
