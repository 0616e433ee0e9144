//! The strings of a token, in one piece of memory: most of them are parts of its payload, as the
//! issuer wrote them.

use std::ops::Range;

use smallvec::SmallVec;

/// As many words of lists stay on the stack while a token is read.
const USUAL_WORDS: usize = 32;

/// Where a string begins and ends. It is good for the strings that it was made with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

/// Which words belong to a list.
#[derive(Clone, Debug, Default)]
pub(super) struct List(Range<u32>);

/// Collects the strings that are to be kept of a payload.
pub(super) struct Collector<'a> {
    payload: &'a str,
    /// What is no part of the payload: strings that had escape sequences.
    others: String,
    words: SmallVec<[Span; USUAL_WORDS]>,
}

impl<'a> Collector<'a> {
    pub(super) fn of(payload: &'a str) -> Self {
        Self { payload, others: String::new(), words: SmallVec::new() }
    }

    pub(super) fn keep(&mut self, text: &str) -> Span {
        if let Some(start) = position(self.payload, text) {
            return span(start, text.len());
        }
        let start = self.payload.len() + self.others.len();
        self.others.push_str(text);
        span(start, text.len())
    }

    /// `None` if one of them is none.
    pub(super) fn keep_list<W: AsRef<str>>(
        &mut self,
        words: impl IntoIterator<Item = Option<W>>,
    ) -> Option<List> {
        let first = self.words.len();
        for word in words {
            let word = self.keep(word?.as_ref());
            self.words.push(word);
        }
        Some(List(narrow(first)..narrow(self.words.len())))
    }

    /// Everything that was kept, and one string more, made of these parts.
    pub(super) fn finish(self, parts: [&str; 3]) -> (Strings, Span) {
        let start = self.payload.len() + self.others.len();
        let len = parts.map(str::len).into_iter().sum();
        let mut text = String::with_capacity(start + len);
        text.push_str(self.payload);
        text.push_str(&self.others);
        parts.into_iter().for_each(|part| text.push_str(part));
        let strings = Strings {
            text: text.into_boxed_str(),
            words: self.words.as_slice().into(),
            payload: span(0, self.payload.len()),
        };
        (strings, span(start, len))
    }
}

/// What was kept of a payload, and the payload.
#[derive(Debug)]
pub(super) struct Strings {
    text: Box<str>,
    words: Box<[Span]>,
    payload: Span,
}

impl Strings {
    pub(super) fn payload(&self) -> &str {
        self.get(self.payload)
    }

    pub(super) fn get(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    pub(super) fn list(&self, list: &List) -> impl Iterator<Item = &str> + Clone {
        let words = self.words.get(list.0.start as usize..list.0.end as usize);
        words.unwrap_or_default().iter().map(|word| self.get(*word))
    }

    pub(super) fn len_in_memory(&self) -> usize {
        self.text.len() + size_of_val(&*self.words)
    }
}

/// Where `part` stands in `whole`, if it is a slice of it and no copy.
fn position(whole: &str, part: &str) -> Option<usize> {
    let start = part.as_ptr().addr().checked_sub(whole.as_ptr().addr())?;
    let there = whole.get(start..start.checked_add(part.len())?)?;
    std::ptr::eq(there, part).then_some(start)
}

fn span(start: usize, len: usize) -> Span {
    Span { start: narrow(start), end: narrow(start + len) }
}

/// A token has at most 16 KiB, and of what it says nothing is kept more than twice.
fn narrow(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_the_payload_stay_there_and_others_are_added() {
        let payload = r#"{"a":"one","b":["two","thr\u0065e"]}"#;
        let mut collector = Collector::of(payload);
        let one = collector.keep(&payload[6..9]);
        let none = collector.keep("");
        let list = collector.keep_list([Some(&payload[17..20]), Some("three")]).unwrap();
        let empty = collector.keep_list([None::<&str>; 0]).unwrap();
        assert!(collector.keep_list([Some("a"), None]).is_none());
        let (strings, joined) = collector.finish(["one", "|", "two"]);

        assert_eq!(strings.payload(), payload);
        assert_eq!(strings.get(one), "one");
        assert_eq!(strings.get(none), "");
        assert_eq!(strings.list(&list).collect::<Vec<_>>(), ["two", "three"]);
        assert_eq!(strings.list(&empty).count(), 0);
        assert_eq!(strings.get(joined), "one|two");
        assert_eq!(*strings.text, *format!("{payload}threeaone|two"));
        assert_eq!(strings.len_in_memory(), strings.text.len() + 3 * size_of::<Span>());
    }

    #[test]
    fn a_part_is_a_slice_and_no_copy() {
        let whole = "abcabc";
        assert_eq!(position(whole, &whole[3..]), Some(3));
        assert_eq!(position(&whole[..4], &whole[3..]), None);
        assert_eq!(position(&whole[3..], &whole[..3]), None);
        assert_eq!(position(whole, &String::from("abc")), None);
    }
}
