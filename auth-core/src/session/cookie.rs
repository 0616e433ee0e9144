//! Where the sealed value stands in a request, and how a response sets it.
//!
//! Browsers drop a cookie over 4096 bytes without a word, so a longer value is split into `name.0`,
//! `name.1` and so on.

use std::borrow::Cow;
use std::iter;
use std::time::Duration;

use memchr::memchr_iter;

/// Of a name and a value together.
const MAX_COOKIE_LEN: usize = 4096;
const MAX_CHUNKS: usize = 5;
const CHUNK_SUFFIX_LEN: usize = ".0".len();

/// What a cookie is called, from which follows how it is set.
#[derive(Clone, Debug)]
pub(crate) struct CookieName {
    name: String,
    is_https: bool,
    is_split: bool,
    is_strict: bool,
}

/// Why a request's cookies cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unusable {
    /// Another reader of the same request could take the other one.
    #[error("the request has the cookie more than once")]
    Ambiguous,
    #[error("the parts of the cookie are not one whole")]
    Invalid,
}

/// No browser would keep it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TooLarge {
    #[error(
        "the cookie `{name}` takes {len} bytes, more than {MAX_CHUNKS} cookies of {MAX_COOKIE_LEN} \
         bytes: let the JWT template put less into the access token, or keep sessions in a store"
    )]
    Split { name: String, len: usize },
    #[error(
        "the cookie `{name}` takes {len} bytes, browsers drop it beyond {MAX_COOKIE_LEN}, and the \
         JavaScript SDKs cannot read it in parts: let the JWT template put less into the access \
         token, or give up sharing the cookie with them"
    )]
    Whole { name: String, len: usize },
}

impl CookieName {
    /// A cookie of our own. Over HTTPS no other host and no HTTP page can set it, which the browser
    /// knows by its prefix.
    pub(crate) fn ours(name: &str, is_https: bool) -> Self {
        let prefix = if is_https { "__Host-" } else { "" };
        Self { name: format!("{prefix}{name}"), is_https, is_split: true, is_strict: false }
    }

    /// The same, for what is never long.
    pub(crate) fn ours_and_short(name: &str, is_https: bool) -> Self {
        Self { is_split: false, ..Self::ours(name, is_https) }
    }

    /// The cookie of the JavaScript SDKs.
    pub(crate) fn of_javascript(is_https: bool) -> Self {
        Self { name: "wos-session".to_owned(), is_https, is_split: false, is_strict: false }
    }

    /// The same, which browsers send with nothing that another site has led to.
    pub(crate) fn strict(self) -> Self {
        Self { is_strict: true, ..self }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.name
    }

    /// Finds the value among those of a request's `Cookie` headers, of which HTTP/2 may have several.
    ///
    /// Names are compared to the octet. Whoever decodes them, or trims more than spaces and tabs,
    /// takes a cookie for ours that the browser did not guard as such.
    pub(crate) fn find<'a>(
        &self,
        headers: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Option<Cow<'a, str>>, Unusable> {
        let mut places = [None; 1 + MAX_CHUNKS];
        for pair in headers.into_iter().flat_map(pairs) {
            let mut parts = pair.splitn(2, |byte| *byte == b'=');
            let (Some(name), Some(value)) = (parts.next(), parts.next()) else { continue };
            let Some(place) = self.place(trimmed(name)) else { continue };
            let place = places.get_mut(place).ok_or(Unusable::Invalid)?;
            if place.replace(unquoted(trimmed(value))).is_some() {
                return Err(Unusable::Ambiguous);
            }
        }

        let [whole, chunks @ ..] = places;
        let count = chunks.iter().flatten().count();
        let value = match whole {
            None if count == 0 => return Ok(None),
            Some(whole) if count == 0 => text(whole).map(Cow::Borrowed),
            None if count > 1 && chunks.iter().take(count).all(Option::is_some) => {
                chunks.into_iter().flatten().map(text).collect::<Option<String>>().map(Cow::Owned)
            }
            _ => None,
        };
        value.map(Some).ok_or(Unusable::Invalid)
    }

    /// The values of the `Set-Cookie` headers that set it. `value` is ASCII, as all that is sealed.
    ///
    /// They also take away whatever a shorter or a longer value has left in the browser, of which
    /// this request need not tell: another one may have been answered meanwhile.
    pub(crate) fn set(&self, value: &str, max_age: Duration) -> Result<Vec<String>, TooLarge> {
        let len = self.name.len() + value.len();
        let is_whole = len <= MAX_COOKIE_LEN;
        if !is_whole && !self.is_split {
            return Err(TooLarge::Whole { name: self.name.clone(), len });
        }
        let (first, chunk_len) = if is_whole { (0, usize::MAX) } else { (1, self.chunk_len()) };
        let chunks = value.as_bytes().chunks(chunk_len);
        if chunks.len() > MAX_CHUNKS {
            return Err(TooLarge::Split { name: self.name.clone(), len });
        }
        let nothing = iter::repeat(None);
        let values = nothing.clone().take(first).chain(chunks.map(Some)).chain(nothing);
        Ok(self.names().zip(values).map(|(name, value)| self.line(&name, value, max_age)).collect())
    }

    /// The values of the `Set-Cookie` headers that take it away.
    pub(crate) fn clear(&self) -> Vec<String> {
        self.names().map(|name| self.line(&name, None, Duration::ZERO)).collect()
    }

    /// All that it can be called, in the order of its places.
    fn names(&self) -> impl Iterator<Item = String> {
        let chunks = if self.is_split { MAX_CHUNKS } else { 0 };
        let names = (0..chunks).map(|at| format!("{}.{at}", self.name));
        iter::once(self.name.clone()).chain(names)
    }

    /// The place of one of its names. A chunk too many is beyond all places.
    fn place(&self, name: &[u8]) -> Option<usize> {
        match name.strip_prefix(self.name.as_bytes())? {
            [] => Some(0),
            [b'.', digit @ b'0'..=b'9'] if self.is_split => Some(1 + usize::from(digit - b'0')),
            [b'.', digits @ ..] if self.is_split && digits.len() > 1 => {
                digits.iter().all(u8::is_ascii_digit).then_some(usize::MAX)
            }
            _ => None,
        }
    }

    fn chunk_len(&self) -> usize {
        MAX_COOKIE_LEN.saturating_sub(self.name.len() + CHUNK_SUFFIX_LEN).max(1)
    }

    fn line(&self, name: &str, value: Option<&[u8]>, max_age: Duration) -> String {
        let max_age = if value.is_some() { max_age.as_secs() } else { 0 };
        let value = String::from_utf8_lossy(value.unwrap_or_default());
        let secure = if self.is_https { "; Secure" } else { "" };
        let same_site = if self.is_strict { "Strict" } else { "Lax" };
        format!("{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite={same_site}{secure}")
    }
}

fn pairs(header: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut from = 0;
    memchr_iter(b';', header).chain([header.len()]).map(move |end| {
        let pair = header.get(from..end).unwrap_or_default();
        from = end + 1;
        pair
    })
}

fn trimmed(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

fn unquoted(value: &[u8]) -> &[u8] {
    if let [b'"', inner @ .., b'"'] = value { inner } else { value }
}

fn text(value: &[u8]) -> Option<&str> {
    std::str::from_utf8(value).ok()
}

#[cfg(test)]
mod tests {
    use cookie::{Cookie, SameSite};
    use proptest::prelude::*;

    use super::*;

    type Headers<'a> = &'a [&'a [u8]];

    const DAY: Duration = Duration::from_secs(86_400);

    fn https() -> CookieName {
        CookieName::ours("session", true)
    }

    fn find(name: &CookieName, headers: Headers<'_>) -> Result<Option<String>, Unusable> {
        Ok(name.find(headers.iter().copied())?.map(Cow::into_owned))
    }

    /// As another implementation reads them.
    fn parsed(lines: &[String]) -> Vec<Cookie<'_>> {
        lines.iter().map(|line| Cookie::parse(line.as_str()).unwrap()).collect()
    }

    /// What a browser has after it has got these, and had those.
    fn jar(had: &[(String, String)], lines: &[String]) -> Vec<(String, String)> {
        let mut jar = had.to_vec();
        for cookie in parsed(lines) {
            jar.retain(|(name, _)| name != cookie.name());
            if !cookie.max_age().unwrap().is_zero() {
                jar.push((cookie.name().to_owned(), cookie.value().to_owned()));
            }
        }
        jar
    }

    fn header(jar: &[(String, String)]) -> String {
        let pairs = jar.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn finds_the_value() {
        let cases: [(&str, Headers<'_>, Option<&str>); 22] = [
            ("alone", &[b"__Host-session=good"], Some("good")),
            ("among others", &[b"a=1; __Host-session=good; b=2"], Some("good")),
            ("in another header", &[b"a=1", b"__Host-session=good", b"b=2"], Some("good")),
            ("without spaces", &[b"a=1;__Host-session=good;b=2"], Some("good")),
            ("with more spaces", &[b"a=1;\t __Host-session = good \t; b=2"], Some("good")),
            ("quoted", &[b"__Host-session=\"good\""], Some("good")),
            ("one quote", &[b"__Host-session=\""], Some("\"")),
            ("empty", &[b"__Host-session="], Some("")),
            ("with = inside", &[b"__Host-session=a=b=="], Some("a=b==")),
            ("percent-encoded", &[b"__Host-session=a%3Db"], Some("a%3Db")),
            ("no header", &[], None),
            ("an empty header", &[b""], None),
            ("no pair", &[b";;; __Host-session; ="], None),
            ("another case", &[b"__host-session=evil; __HOST-SESSION=evil"], None),
            ("a quoted name", &[b"\"__Host-session\"=evil"], None),
            ("a percent-encoded name", &[b"__Host%2Dsession=evil; %5F_Host-session=evil"], None),
            ("space that is no space", &["\u{2003}__Host-session=evil".as_bytes()], None),
            (
                "a no-break space",
                &["__Host-session\u{a0}=evil".as_bytes(), b"\xa0__Host-session=evil"],
                None,
            ),
            ("a longer name", &[b"__Host-session2=evil; x__Host-session=evil"], None),
            ("without its prefix", &[b"session=evil"], None),
            (
                "a name that is no chunk's",
                &[b"__Host-session.sig=a; __Host-session.=a; __Host-session.1a=b"],
                None,
            ),
            ("octets of others", &[b"a=\xff\xfe; __Host-session=good; \xff=b"], Some("good")),
        ];
        for (case, headers, expected) in cases {
            assert_eq!(find(&https(), headers), Ok(expected.map(str::to_owned)), "{case}");
        }
    }

    #[test]
    fn what_is_not_one_value_is_refused() {
        use Unusable::{Ambiguous, Invalid};

        let cases: [(&str, Headers<'_>, Unusable); 14] = [
            ("twice", &[b"__Host-session=a; __Host-session=b"], Ambiguous),
            ("twice the same", &[b"__Host-session=a; __Host-session=a"], Ambiguous),
            ("in two headers", &[b"__Host-session=a", b"__Host-session=b"], Ambiguous),
            ("quoted and not", &[b"__Host-session=a; __Host-session=\"a\""], Ambiguous),
            ("empty and not", &[b"__Host-session=; __Host-session=a"], Ambiguous),
            (
                "a chunk twice",
                &[b"__Host-session.0=a; __Host-session.1=b; __Host-session.0=c"],
                Ambiguous,
            ),
            (
                "among other cases",
                &[b"__Host-session=a; __host-session=b; __Host-session=c"],
                Ambiguous,
            ),
            ("no octets of text", &[b"__Host-session=\xff"], Invalid),
            ("the first chunk is missing", &[b"__Host-session.1=b; __Host-session.2=c"], Invalid),
            ("a chunk between is missing", &[b"__Host-session.0=b; __Host-session.2=c"], Invalid),
            ("one chunk only", &[b"__Host-session.0=b"], Invalid),
            (
                "whole and in chunks",
                &[b"__Host-session=a; __Host-session.0=b; __Host-session.1=c"],
                Invalid,
            ),
            ("a sixth chunk", &[b"__Host-session=a; __Host-session.5=b"], Invalid),
            ("a chunk in other digits", &[b"__Host-session.00=a; __Host-session.01=b"], Invalid),
        ];
        for (case, headers, expected) in cases {
            assert_eq!(find(&https(), headers), Err(expected), "{case}");
        }
    }

    #[test]
    fn chunks_come_in_any_order() {
        let headers: [&[u8]; 2] =
            [b"__Host-session.2=c; a=b", b"__Host-session.0=a;__Host-session.1=b"];
        assert_eq!(find(&https(), &headers), Ok(Some("abc".to_owned())));
        let theirs = CookieName::of_javascript(true);
        let headers: [&[u8]; 1] =
            [b"wos-session=whole; wos-session.0=theirs; wos-session.9=theirs"];
        assert_eq!(find(&theirs, &headers), Ok(Some("whole".to_owned())));
    }

    #[test]
    fn every_line_is_as_strict_as_can_be() {
        let cases = [
            (https(), "__Host-session", true),
            (CookieName::ours("session", false), "session", false),
            (CookieName::of_javascript(true), "wos-session", true),
            (CookieName::of_javascript(false), "wos-session", false),
        ];
        for (name, expected, is_https) in cases {
            assert_eq!(name.as_str(), expected);
            let set = name.set("value", DAY).unwrap();
            let cleared = name.clear();
            let set_and_cleared = [parsed(&set), parsed(&cleared)].concat();
            for cookie in &set_and_cleared {
                assert!(cookie.name().starts_with(expected), "{cookie}");
                assert_eq!(cookie.http_only(), Some(true), "{cookie}");
                assert_eq!(cookie.secure().unwrap_or_default(), is_https, "{cookie}");
                assert_eq!(cookie.same_site(), Some(SameSite::Lax), "{cookie}");
                assert_eq!(cookie.path(), Some("/"), "{cookie}");
                assert_eq!(cookie.domain(), None, "{cookie}");
                assert_eq!(cookie.expires(), None, "{cookie}");
            }
            let (value, rest) = set_and_cleared.split_first().unwrap();
            assert_eq!(value.name_value(), (expected, "value"));
            assert_eq!(value.max_age().unwrap().whole_seconds(), 86_400);
            for removal in rest {
                assert_eq!(removal.value(), "");
                assert!(removal.max_age().unwrap().is_zero(), "{removal}");
            }
        }
    }

    #[test]
    fn as_many_chunks_as_needed() {
        let name = https();
        let whole = MAX_COOKIE_LEN - "__Host-session".len();
        let chunk = MAX_COOKIE_LEN - "__Host-session.0".len();
        let cases = [
            (1, Some(1)),
            (whole, Some(1)),
            (whole + 1, Some(2)),
            (2 * chunk, Some(2)),
            (2 * chunk + 1, Some(3)),
            (5 * chunk, Some(5)),
            (5 * chunk + 1, None),
            (100_000, None),
        ];
        for (len, expected) in cases {
            let value = "x".repeat(len);
            let set = name.set(&value, DAY);
            let kept = set.as_ref().ok().map(|lines| jar(&[], lines));
            assert_eq!(kept.as_ref().map(Vec::len), expected, "{len}");
            let Some(kept) = kept else {
                let expected = TooLarge::Split { name: name.name.clone(), len: len + 14 };
                assert_eq!(set.unwrap_err(), expected);
                continue;
            };
            assert!(kept.iter().all(|(name, value)| name.len() + value.len() <= MAX_COOKIE_LEN));
            assert_eq!(find(&name, &[header(&kept).as_bytes()]), Ok(Some(value)), "{len}");
        }
    }

    #[test]
    fn the_javascript_sdks_get_one_cookie_or_an_error() {
        let name = CookieName::of_javascript(true);
        let len = MAX_COOKIE_LEN - "wos-session".len();
        let set = name.set(&"x".repeat(len), DAY).unwrap();
        assert_eq!(set.len(), 1);
        let error = name.set(&"x".repeat(len + 1), DAY).unwrap_err();
        assert_eq!(error, TooLarge::Whole { name: "wos-session".to_owned(), len: 4097 });
        for part in ["`wos-session`", "4097", "JWT template", "JavaScript SDKs"] {
            assert!(error.to_string().contains(part), "{error}");
        }
    }

    /// Also when two responses cross, each made for what the browser had before.
    #[test]
    fn the_last_value_is_the_one_that_stays() {
        let name = https();
        let other = [("a".to_owned(), "1".to_owned())];
        let lens = [100, 9000, 4100, 20_000, 1];
        for (before, after) in lens.iter().flat_map(|b| lens.iter().map(move |a| (*b, *a))) {
            let had = jar(&other, &name.set(&"b".repeat(before), DAY).unwrap());
            let value = "a".repeat(after);
            let has = jar(&had, &name.set(&value, DAY).unwrap());
            let found = find(&name, &[header(&has).as_bytes()]);
            assert_eq!(found, Ok(Some(value)), "{before} and then {after}");
            assert_eq!(jar(&has, &name.clear()), other, "{after} and then nothing");
        }
    }

    proptest! {
        #[test]
        fn any_octets_can_be_looked_through(
            headers in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..200), 0..4),
            text in "((__Host-)?session(\\.[0-9]{0,2})?|=|;| |\"){0,20}",
        ) {
            let headers = headers.iter().map(Vec::as_slice).chain([text.as_bytes()]);
            for name in [https(), CookieName::ours("session", false), CookieName::of_javascript(true)] {
                let _ = name.find(headers.clone());
            }
        }

        #[test]
        fn whatever_is_set_is_found(
            value in "[A-Za-z0-9_-]{1,20}",
            times in 1..900_usize,
            at in any::<proptest::sample::Index>(),
        ) {
            let value = value.repeat(times);
            let name = https();
            let set = name.set(&value, DAY);
            prop_assert_eq!(set.is_ok(), value.len() <= 5 * (MAX_COOKIE_LEN - 16));
            if let Ok(lines) = set {
                let mut jar = jar(&[], &lines);
                jar.insert(at.index(jar.len() + 1), ("other".to_owned(), "1".to_owned()));
                let (one, two) = jar.split_at(at.index(jar.len()));
                let headers = [header(one), header(two)];
                let found = find(&name, &headers.each_ref().map(String::as_bytes));
                prop_assert_eq!(found, Ok(Some(value)));
            }
        }
    }
}
