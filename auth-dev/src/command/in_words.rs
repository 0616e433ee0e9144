//! Lengths of time, as one says them.

use std::time::Duration;

const UNITS: [(u64, &str); 4] = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];

/// In the largest unit, and the next smaller one if it adds something.
pub(super) fn in_words(time: Duration) -> String {
    let mut rest = time.as_secs();
    let mut words = Vec::new();
    for (seconds, unit) in UNITS {
        let count = rest / seconds;
        rest %= seconds;
        if count > 0 {
            words.push(format!("{count} {unit}{}", if count == 1 { "" } else { "s" }));
        }
        if words.len() == 2 || count == 0 && !words.is_empty() {
            break;
        }
    }
    if words.is_empty() { "less than a second".to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_units_say_enough() {
        for (seconds, expected) in [
            (0, "less than a second"),
            (1, "1 second"),
            (59, "59 seconds"),
            (60, "1 minute"),
            (185, "3 minutes 5 seconds"),
            (3_605, "1 hour"),
            (90_061, "1 day 1 hour"),
        ] {
            assert_eq!(in_words(Duration::from_secs(seconds)), expected);
        }
    }
}
