//! Text that others wrote, on its way to a terminal.

/// The text with every character escaped that a terminal obeys, or that changes how the text around
/// it looks.
pub(super) fn escaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        if is_plain(character) {
            plain.push(character);
        } else {
            plain.extend(character.escape_default());
        }
    }
    plain
}

/// The same for text that has lines of its own.
pub(super) fn escaped_lines(text: &str) -> String {
    text.lines().map(escaped).collect::<Vec<_>>().join("\n")
}

/// JSON that is valid still. Line breaks are between members only.
pub(super) fn escaped_json(json: &str) -> String {
    let mut plain = String::with_capacity(json.len());
    for character in json.chars() {
        if character == '\n' || is_plain(character) {
            plain.push(character);
        } else {
            let units = character.encode_utf16(&mut [0; 2]).to_vec();
            plain.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    plain
}

/// No control character, and none of those that write from right to left or are not seen.
fn is_plain(character: char) -> bool {
    let is_unseen = matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    );
    !character.is_control() && !is_unseen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_is_left() {
        for (text, expected) in [
            ("Zürich", "Zürich"),
            ("\u{1b}[31m", "\\u{1b}[31m"),
            ("a\r\nb", "a\\r\\nb"),
            ("\u{9b}2J", "\\u{9b}2J"),
            ("a\u{202e}b", "a\\u{202e}b"),
        ] {
            assert_eq!(escaped(text), expected);
        }
    }

    #[test]
    fn lines_stay_lines() {
        assert_eq!(escaped_lines("a\r\n  b\u{1b}[2J\n"), "a\n  b\\u{1b}[2J");
    }

    #[test]
    fn json_stays_what_it_was() {
        let text = "\u{9b}2J\u{202e}\u{e0041}ü";
        let json = serde_json::to_string_pretty(&[text]).unwrap();
        let plain = escaped_json(&json);
        assert_eq!(plain, "[\n  \"\\u009b2J\\u202e\\udb40\\udc41ü\"\n]");
        assert_eq!(serde_json::from_str::<[String; 1]>(&plain).unwrap(), [text]);
    }
}
