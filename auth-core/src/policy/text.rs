//! Text in a type.
//!
//! Stable Rust has no `&'static str` const parameters, and an attribute can put no item beside a
//! function that may stand in an `impl` block. So the attribute packs the text into `u128`s.

/// A text that a type stands for, such as the name of a role, or why a route is public.
///
/// The attributes make them. By hand:
///
/// ```
/// use auth_core::Guard;
/// use auth_core::policy::{Public, Text};
///
/// struct Probe;
///
/// impl Text for Probe {
///     const TEXT: &'static str = "load balancer probe";
/// }
///
/// async fn health(_: Guard<Public<Probe>>) -> &'static str {
///     "ok"
/// }
/// ```
///
/// A text that would forge a row of the table does not compile:
///
/// ```compile_fail
/// # use auth_core::policy::{Public, Rule, Text};
/// struct Forged;
///
/// impl Text for Forged {
///     const TEXT: &'static str = "probe)\nGET  /money  admin";
/// }
///
/// Public::<Forged>::describe(&mut Default::default());
/// ```
pub trait Text: Send + Sync + 'static {
    /// The text: one line, for it stands in a table. Anything else does not compile.
    const TEXT: &'static str;
}

/// The text, if it is one line.
pub(super) fn checked<T: Text>() -> &'static str {
    const { assert!(is_one_line(T::TEXT), "the text of a policy is one line") };
    T::TEXT
}

/// `LEN` bytes of UTF-8, packed sixteen to a word, the first in the lowest byte.
#[doc(hidden)]
#[derive(Debug)]
pub enum Packed<
    const LEN: usize,
    const W0: u128 = 0,
    const W1: u128 = 0,
    const W2: u128 = 0,
    const W3: u128 = 0,
    const W4: u128 = 0,
    const W5: u128 = 0,
    const W6: u128 = 0,
    const W7: u128 = 0,
> {}

const WORDS: usize = 8;
const WORD_LEN: usize = size_of::<u128>();
/// As many bytes as the attribute accepts.
const MAX_LEN: usize = WORDS * WORD_LEN;

impl<
    const LEN: usize,
    const W0: u128,
    const W1: u128,
    const W2: u128,
    const W3: u128,
    const W4: u128,
    const W5: u128,
    const W6: u128,
    const W7: u128,
> Packed<LEN, W0, W1, W2, W3, W4, W5, W6, W7>
{
    const BYTES: [u8; MAX_LEN] = unpack([W0, W1, W2, W3, W4, W5, W6, W7]);
}

impl<
    const LEN: usize,
    const W0: u128,
    const W1: u128,
    const W2: u128,
    const W3: u128,
    const W4: u128,
    const W5: u128,
    const W6: u128,
    const W7: u128,
> Text for Packed<LEN, W0, W1, W2, W3, W4, W5, W6, W7>
{
    const TEXT: &'static str = match std::str::from_utf8(Self::BYTES.split_at(LEN).0) {
        Ok(text) => text,
        Err(_) => "",
    };
}

#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler, which checks the bounds")]
pub(crate) const fn is_one_line(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        // C1 controls, line and paragraph separators, and marks that turn the direction of text are
        // two or three bytes long in UTF-8.
        let moves_text = match bytes[at] {
            0xc2 => bytes[at + 1] < 0xa0,
            0xe2 => match bytes[at + 1] {
                0x80 => 0xa8 <= bytes[at + 2] && bytes[at + 2] <= 0xae,
                0x81 => 0xa6 <= bytes[at + 2] && bytes[at + 2] <= 0xa9,
                _ => false,
            },
            byte => byte.is_ascii_control(),
        };
        if moves_text {
            return false;
        }
        at += 1;
    }
    !bytes.is_empty()
}

#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler, which checks the bounds")]
const fn unpack(words: [u128; WORDS]) -> [u8; MAX_LEN] {
    let mut bytes = [0; MAX_LEN];
    let mut at = 0;
    while at < MAX_LEN {
        bytes[at] = words[at / WORD_LEN].to_le_bytes()[at % WORD_LEN];
        at += 1;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_is_what_no_viewer_breaks_or_turns() {
        for text in ["probe", "é ü – … € 漢", "\u{a0}", "a\u{2027}\u{202f}", "a\u{2040}\u{2070}"]
        {
            assert!(is_one_line(text), "{text:?}");
        }
        for text in [
            "",
            "a\nb",
            "a\tb",
            "\u{85}",
            "\u{9f}",
            "\u{2028}",
            "ab\u{202e}c",
            "ab\u{2066}c",
            "\u{2069}",
        ] {
            assert!(!is_one_line(text), "{text:?}");
        }
    }

    #[test]
    fn text_comes_back_as_it_went_in() {
        assert_eq!(<Packed<0> as Text>::TEXT, "");
        assert_eq!(<Packed<2, 0x6b6f> as Text>::TEXT, "ok");
        type TwoWords = Packed<17, { u128::from_le_bytes(*b"sixteen bytes an") }, 0x64>;
        assert_eq!(<TwoWords as Text>::TEXT, "sixteen bytes and");
    }
}
