//! Strict JSON (RFC 8259), for text that a stranger wrote and a decision will hang on.
//!
//! One pass, no recursion. What lenient readers let through is refused here: a member name that
//! stands twice in one object (after unescaping, at every depth), deep nesting, lone surrogates,
//! a byte order mark, anything behind the last brace. Values stay slices of the text until
//! somebody asks for them.

use std::borrow::Cow;

use smallvec::SmallVec;

/// How deep objects and arrays may nest. Real tokens and key sets stay below 5.
const MAX_DEPTH: usize = 32;

/// As many members, open names and open brackets stay on the stack. Most tokens have no more.
const USUAL_MEMBERS: usize = 32;
const USUAL_NAMES: usize = 16;
const USUAL_DEPTH: usize = 8;

/// The text is not strict JSON. Where it went wrong is not said: nobody but an attacker would ask.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// A JSON object with unique member names.
#[derive(Debug)]
pub(crate) struct Object<'a> {
    members: SmallVec<[(Cow<'a, str>, Value<'a>); USUAL_MEMBERS]>,
    /// The marks of their names, side by side.
    marks: SmallVec<[u64; USUAL_MEMBERS]>,
    /// A bit for each of them, by which most names that are not there are known.
    bits: u64,
}

/// One valid JSON value, as the text it was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Value<'a> {
    text: &'a str,
    /// A string without escape sequences, which says what stands between its quotes.
    is_plain_string: bool,
}

impl<'a> Object<'a> {
    /// Reads a text that is one object and nothing else.
    pub(crate) fn parse(text: &'a str) -> Result<Self, Malformed> {
        let mut reader = Reader { text, at: 0 };
        let (mut members, mut marks, mut bits) = (SmallVec::new(), SmallVec::new(), 0);

        reader.skip_whitespace();
        reader.expect(b'{')?;
        reader.skip_whitespace();
        if !reader.eat(b'}') {
            loop {
                let name = reader.member_name()?;
                let mark = mark(&name);
                marks.push(mark);
                bits |= bit(mark);
                members.push((name, reader.value()?));
                reader.skip_whitespace();
                match reader.next()? {
                    b',' => reader.skip_whitespace(),
                    b'}' => break,
                    _ => return Err(Malformed),
                }
            }
        }
        reader.end()?;

        let object = Self { members, marks, bits };
        if object.has_duplicate() { Err(Malformed) } else { Ok(object) }
    }

    fn has_duplicate(&self) -> bool {
        // In a few numbers it is quicker to look than to sort.
        let marks = self.marks.as_slice();
        let is_known = |(at, mark)| marks.get(..at).is_some_and(|before| before.contains(mark));
        let may_have = marks.len() > USUAL_MEMBERS || marks.iter().enumerate().any(is_known);
        let names = self.members.iter().map(|(name, _)| name.as_ref());
        may_have && has_equal(&mut names.collect::<Vec<&str>>())
    }

    #[inline(always)]
    pub(crate) fn get(&self, name: &str) -> Option<Value<'a>> {
        let wanted = mark(name);
        if self.bits & bit(wanted) == 0 {
            return None;
        }
        let mut from = 0;
        loop {
            let at = from + self.marks.get(from..)?.iter().position(|mark| *mark == wanted)?;
            match self.members.get(at)? {
                (known, value) if known == name => return Some(*value),
                _ => from = at + 1,
            }
        }
    }
}

impl<'a> Value<'a> {
    /// The text of the value.
    pub(crate) fn text(self) -> &'a str {
        self.text
    }

    pub(crate) fn is_null(self) -> bool {
        self.text == "null"
    }

    pub(crate) fn as_bool(self) -> Option<bool> {
        self.text.parse().ok()
    }

    /// The digits of a number, as written.
    pub(crate) fn as_number(self) -> Option<&'a str> {
        let first = self.text.bytes().next()?;
        (first == b'-' || first.is_ascii_digit()).then_some(self.text)
    }

    pub(crate) fn as_string(self) -> Option<Cow<'a, str>> {
        if self.is_plain_string {
            return self.text.get(1..self.text.len() - 1).map(Cow::Borrowed);
        }
        Reader { text: self.text, at: 0 }.string().ok()
    }

    pub(crate) fn as_object(self) -> Option<Object<'a>> {
        Object::parse(self.text).ok()
    }

    /// The elements of an array.
    pub(crate) fn as_array(self) -> Option<impl Iterator<Item = Value<'a>>> {
        let mut reader = Reader { text: self.text, at: 0 };
        reader.eat(b'[').then(|| {
            // The text has been read before, so what does not read on is the closing bracket.
            std::iter::from_fn(move || {
                let element = reader.value().ok()?;
                reader.skip_whitespace();
                reader.eat(b',');
                Some(element)
            })
        })
    }
}

/// An object or array that the reader is inside of.
enum Frame {
    Array,
    /// Where the names of this object begin in the list of all open names.
    Object {
        names_from: usize,
    },
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// Reads over one value and the whitespace in front of it.
    #[inline(always)]
    fn value(&mut self) -> Result<Value<'a>, Malformed> {
        self.skip_whitespace();
        let start = self.at;
        let is_plain_string = match self.peek()? {
            b'{' | b'[' => {
                self.container()?;
                false
            }
            _ => self.scalar()?,
        };
        let text = self.text.get(start..self.at).ok_or(Malformed)?;
        Ok(Value { text, is_plain_string })
    }

    /// Reads over an object or an array.
    #[inline(never)]
    fn container(&mut self) -> Result<(), Malformed> {
        let mut frames: SmallVec<[Frame; USUAL_DEPTH]> = SmallVec::new();
        let mut names: SmallVec<[Cow<'a, str>; USUAL_NAMES]> = SmallVec::new();
        'value: loop {
            // The value itself is a level too: it stands inside an object or an array.
            if frames.len() >= MAX_DEPTH {
                return Err(Malformed);
            }
            self.skip_whitespace();
            match self.peek()? {
                b'{' => {
                    self.at += 1;
                    frames.push(Frame::Object { names_from: names.len() });
                    self.skip_whitespace();
                    if self.peek()? != b'}' {
                        names.push(self.member_name()?);
                        continue 'value;
                    }
                }
                b'[' => {
                    self.at += 1;
                    frames.push(Frame::Array);
                    self.skip_whitespace();
                    if self.peek()? != b']' {
                        continue 'value;
                    }
                }
                _ => {
                    self.scalar()?;
                }
            }
            // A value has ended, or a container stands before its closing bracket.
            while let Some(frame) = frames.last() {
                self.skip_whitespace();
                match (frame, self.next()?) {
                    (Frame::Array, b',') => continue 'value,
                    (Frame::Object { .. }, b',') => {
                        self.skip_whitespace();
                        names.push(self.member_name()?);
                        continue 'value;
                    }
                    (Frame::Array, b']') => {}
                    (Frame::Object { names_from }, b'}') => {
                        let own_names = names.get_mut(*names_from..).ok_or(Malformed)?;
                        if has_equal(own_names) {
                            return Err(Malformed);
                        }
                        names.truncate(*names_from);
                    }
                    _ => return Err(Malformed),
                }
                frames.pop();
            }
            return Ok(());
        }
    }

    /// Reads over a string, a number or a word, and says whether it is a plain string.
    #[inline(always)]
    fn scalar(&mut self) -> Result<bool, Malformed> {
        match self.peek()? {
            b'"' => return Ok(matches!(self.string()?, Cow::Borrowed(_))),
            b't' => self.literal("true")?,
            b'f' => self.literal("false")?,
            b'n' => self.literal("null")?,
            _ => self.number()?,
        }
        Ok(false)
    }

    /// Reads a member's name and the colon behind it.
    fn member_name(&mut self) -> Result<Cow<'a, str>, Malformed> {
        let name = self.string()?;
        self.skip_whitespace();
        self.expect(b':')?;
        Ok(name)
    }

    #[inline(always)]
    fn string(&mut self) -> Result<Cow<'a, str>, Malformed> {
        self.expect(b'"')?;
        let plain = self.plain()?;
        if self.eat(b'"') {
            return Ok(Cow::Borrowed(plain));
        }
        self.string_with_escapes(plain).map(Cow::Owned)
    }

    /// Reads on at the first escape sequence, if it is one.
    #[inline(never)]
    fn string_with_escapes(&mut self, before: &'a str) -> Result<String, Malformed> {
        let mut unescaped = before.to_owned();
        while !self.eat(b'"') {
            self.expect(b'\\')?;
            unescaped.push(self.escape()?);
            unescaped.push_str(self.plain()?);
        }
        Ok(unescaped)
    }

    /// Reads over what stands for itself in a string.
    #[inline(always)]
    fn plain(&mut self) -> Result<&'a str, Malformed> {
        let rest = self.text.get(self.at..).ok_or(Malformed)?;
        let plain = rest.get(..plain_len(rest.as_bytes())).ok_or(Malformed)?;
        self.at += plain.len();
        Ok(plain)
    }

    /// Reads an escape sequence behind its backslash.
    fn escape(&mut self) -> Result<char, Malformed> {
        Ok(match self.next()? {
            plain @ (b'"' | b'\\' | b'/') => char::from(plain),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.hexadecimal()?;
                let mut units = vec![first];
                if (0xd800..0xdc00).contains(&first) {
                    self.literal("\\u")?;
                    units.push(self.hexadecimal()?);
                }
                let decoded: Result<Vec<char>, _> = char::decode_utf16(units).collect();
                match decoded.map_err(|_| Malformed)?.as_slice() {
                    [character] => *character,
                    _ => return Err(Malformed),
                }
            }
            _ => return Err(Malformed),
        })
    }

    fn hexadecimal(&mut self) -> Result<u16, Malformed> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(Malformed)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(Malformed);
        }
        self.at += 4;
        u16::from_str_radix(digits, 16).map_err(|_| Malformed)
    }

    fn number(&mut self) -> Result<(), Malformed> {
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _sign = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        Ok(())
    }

    /// Reads one digit or more.
    fn digits(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        while self.peek().is_ok_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { Err(Malformed) } else { Ok(()) }
    }

    fn literal(&mut self, literal: &str) -> Result<(), Malformed> {
        let rest = self.text.get(self.at..).ok_or(Malformed)?;
        if !rest.starts_with(literal) {
            return Err(Malformed);
        }
        self.at += literal.len();
        Ok(())
    }

    fn skip_whitespace(&mut self) {
        while matches!(self.peek(), Ok(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Result<u8, Malformed> {
        self.text.as_bytes().get(self.at).copied().ok_or(Malformed)
    }

    fn next(&mut self) -> Result<u8, Malformed> {
        let byte = self.peek()?;
        self.at += 1;
        Ok(byte)
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Ok(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), Malformed> {
        if self.eat(byte) { Ok(()) } else { Err(Malformed) }
    }

    fn end(&mut self) -> Result<(), Malformed> {
        self.skip_whitespace();
        if self.at == self.text.len() { Ok(()) } else { Err(Malformed) }
    }
}

/// How many bytes in front are neither a quote nor a backslash nor a control character.
#[inline(always)]
fn plain_len(text: &[u8]) -> usize {
    // Eight bytes at a time, since most of a token is inside of strings.
    let (words, rest) = text.as_chunks();
    for (at, word) in words.iter().enumerate() {
        let ends = ends_of_plain(u64::from_le_bytes(*word));
        if ends != 0 {
            return 8 * at + ends.trailing_zeros() as usize / 8;
        }
    }
    let len = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
    8 * words.len() + len.unwrap_or(rest.len())
}

/// The highest bit of each of eight bytes, where it is a quote, a backslash or a control character.
fn ends_of_plain(word: u64) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHEST: u64 = ONES << 7;
    // Sums with seven bits do not reach the next byte; they carry into the eighth.
    let ascii = word & !HIGHEST;
    let is_not = |byte: u8| (ascii ^ (ONES * u64::from(byte))) + ONES * 0x7f;
    let is_no_control = ascii + ONES * (0x80 - 0x20);
    let is_plain = is_not(b'"') & is_not(b'\\') & is_no_control | word;
    !is_plain & HIGHEST
}

/// Sorting finds equal neighbours without a hash that an attacker could flood.
fn has_equal<T: Ord>(items: &mut [T]) -> bool {
    items.sort_unstable();
    items.windows(2).any(|pair| matches!(pair, [a, b] if a == b))
}

/// A number that is quick to compare: equal names have the same, other names seldom do.
#[inline(always)]
fn mark(name: &str) -> u64 {
    let start = match name.as_bytes().first_chunk() {
        Some(start) => u64::from_le_bytes(*start),
        None => name.bytes().fold(0, |start, byte| start << 8 | u64::from(byte)),
    };
    start ^ (name.len() as u64) << 56
}

#[inline(always)]
fn bit(mark: u64) -> u64 {
    1 << (mark.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_members_of_every_kind() {
        let object = Object::parse(
            r#" { "a" : "x\u0041\n\ud83d\ude00" , "b":[1, {"c":2}, []], "d":-1.5e3,"e":true,"f":null,"g":{}} "#,
        )
        .unwrap();
        let value = |name: &str| object.get(name).unwrap();

        assert_eq!(value("a").as_string().unwrap(), "xA\n\u{1f600}");
        let elements: Vec<&str> = value("b").as_array().unwrap().map(Value::text).collect();
        assert_eq!(elements, ["1", r#"{"c":2}"#, "[]"]);
        assert_eq!(value("d").as_number(), Some("-1.5e3"));
        assert_eq!(value("e").as_bool(), Some(true));
        assert!(value("f").is_null());
        assert!(value("g").as_object().is_some());
        assert!(object.get("missing").is_none());
    }

    #[test]
    fn a_value_is_only_what_it_was_written_as() {
        let object = Object::parse(r#"{"text":"true","number":1,"list":[]}"#).unwrap();
        let value = |name: &str| object.get(name).unwrap();

        assert_eq!(value("text").as_bool(), None);
        assert_eq!(value("text").as_number(), None);
        assert_eq!(value("number").as_string(), None);
        assert!(value("number").as_array().is_none());
        assert!(value("list").as_object().is_none());
    }

    #[test]
    fn refuses_what_lenient_readers_accept() {
        let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(200), "]".repeat(200));
        let endless = format!(r#"{{"a":{}"#, "[".repeat(12_000));
        let cases = [
            ("nothing", ""),
            ("an array", "[]"),
            ("a string", "\"x\""),
            ("a number", "1"),
            ("null", "null"),
            ("trailing bytes", "{}x"),
            ("two objects", "{}{}"),
            ("a byte order mark", "\u{feff}{}"),
            ("the same name twice", r#"{"a":1,"a":2}"#),
            ("the same name in two spellings", r#"{"email":1,"e\u006dail":2}"#),
            ("the same name twice, nested", r#"{"a":{"b":1,"b":2}}"#),
            ("the same name twice, in an array", r#"{"a":[{"b":1,"c":3,"b":2}]}"#),
            ("a lone high surrogate", r#"{"a":"\ud800"}"#),
            ("a lone low surrogate", r#"{"a":"\udc00"}"#),
            ("a high surrogate before a letter", r#"{"a":"\ud800\u0041"}"#),
            ("a sign in an escape", r#"{"a":"\u+041"}"#),
            ("a raw line feed in a string", "{\"a\":\"\n\"}"),
            ("an unknown escape", r#"{"a":"\x41"}"#),
            ("an unclosed string", r#"{"a":"x"#),
            ("a trailing comma", r#"{"a":1,}"#),
            ("a trailing comma in an array", r#"{"a":[1,]}"#),
            ("a missing comma", r#"{"a":[1 2]}"#),
            ("the wrong bracket", r#"{"a":[1}}"#),
            ("a leading zero", r#"{"a":01}"#),
            ("a leading plus", r#"{"a":+1}"#),
            ("no digit behind the point", r#"{"a":1.}"#),
            ("no digit in the exponent", r#"{"a":1e}"#),
            ("not a number", r#"{"a":NaN}"#),
            ("a comment", r#"{"a":1/**/}"#),
            ("single quotes", "{'a':1}"),
            ("a bare name", "{a:1}"),
            ("deep nesting", &deep),
            ("deep nesting without an end", &endless),
        ];
        for (case, text) in cases {
            assert_eq!(Object::parse(text).err(), Some(Malformed), "{case}");
        }
    }

    /// Every byte in every place of eight, with others that are plain.
    #[test]
    fn strings_end_where_they_end_byte_by_byte() {
        for (byte, at) in (0..=255u8).flat_map(|byte| (0..20).map(move |at| (byte, at))) {
            for filling in [b' ', b'!', b'#', b'[', b']', b'~', 0x7f, 0xe9, 0xff] {
                let mut text = [filling; 20];
                text[at] = byte;
                let is_plain = |byte: &u8| !matches!(byte, b'"' | b'\\' | 0..=0x1f);
                let expected = text.iter().take_while(|byte| is_plain(byte)).count();
                assert_eq!(plain_len(&text), expected, "{byte} at {at} among {filling}");
            }
        }
    }

    #[test]
    fn equal_names_in_different_objects_are_fine() {
        assert!(Object::parse(r#"{"a":{"a":{"b":1},"b":2},"b":[{"a":1},{"a":2}]}"#).is_ok());
    }

    fn json() -> impl proptest::strategy::Strategy<Value = serde_json::Value> {
        use proptest::prelude::*;
        use serde_json::Value;

        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(6, 64, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest::proptest! {
        /// Whatever a JSON library writes is read, printed and read again as it was.
        #[test]
        fn reading_and_printing_are_stable(
            members in proptest::collection::btree_map(".*", json(), 0..8)
        ) {
            let print = |object: &Object<'_>| {
                let members = object.members.iter().map(|(name, value)| {
                    format!("{}:{}", serde_json::to_string(name).unwrap(), value.text())
                });
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            };
            let text = serde_json::to_string(&members).unwrap();
            let first = print(&Object::parse(&text).unwrap());
            let second = print(&Object::parse(&first).unwrap());
            proptest::prop_assert_eq!(&first, &second);
            let read: std::collections::BTreeMap<String, serde_json::Value> =
                serde_json::from_str(&first).unwrap();
            let written: std::collections::BTreeMap<String, serde_json::Value> =
                serde_json::from_str(&text).unwrap();
            proptest::prop_assert_eq!(read, written);
        }

        /// serde_json is lenient about duplicates and depth, so agreement is asked one way only.
        #[test]
        fn whatever_it_accepts_serde_json_reads_the_same(text in r#"\{("[ab\\u0-9]{0,3}":([0-9.eE+-]{1,4}|\[[0-9,]{0,4}\]|"[^"]{0,4}"|true|null),?){0,3}\}"#) {
            if let Ok(object) = Object::parse(&text) {
                let theirs: serde_json::Map<String, serde_json::Value> =
                    serde_json::from_str(&text).unwrap();
                proptest::prop_assert_eq!(theirs.len(), object.members.len());
                for (name, value) in &object.members {
                    let ours: serde_json::Value = serde_json::from_str(value.text()).unwrap();
                    proptest::prop_assert_eq!(&theirs[name.as_ref()], &ours);
                }
            }
        }
    }
}
