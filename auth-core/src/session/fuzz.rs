//! What must hold of cookies, webhooks and return paths, whatever a stranger sends; see `crate::fuzz`.

use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use url::Url;

use super::cookie::CookieName;
use super::iron::Iron;
use super::return_path;
use super::seal::{Purpose, Sealer};
use super::webhook::Webhooks;
use crate::clock::Clock;

/// The password of nobody who fuzzes.
const PASSWORD: &str = "a password of at least 32 characters";

/// The values of `Cookie` headers, one a line. What is found there opens only if it was sealed here, and
/// what is set is found again, in however many parts.
pub fn cookies(data: &[u8]) {
    static SEALS: OnceLock<Option<(Sealer, Iron)>> = OnceLock::new();
    let seals = || Some((Sealer::new(&[PASSWORD]).ok()?, Iron::new(&[PASSWORD]).ok()?));
    let Some((sealer, iron)) = SEALS.get_or_init(seals) else { return };

    let name = CookieName::ours("session", true);
    let javascript = CookieName::of_javascript(true);
    let lines = || data.split(|byte| *byte == b'\n');
    if let Ok(Some(value)) = name.find(lines()) {
        for purpose in [Purpose::Session, Purpose::Transaction, Purpose::Handle, Purpose::Stored] {
            assert!(sealer.open(purpose, name.as_str(), &value).is_none(), "{value}");
        }
    }
    if let Ok(Some(value)) = javascript.find(lines()) {
        assert!(iron.open(&value, UNIX_EPOCH).is_none(), "{value}");
    }

    let Ok(sealed) = sealer.seal(Purpose::Session, name.as_str(), data) else { return };
    let Ok(set) = name.set(&sealed, Duration::from_secs(1)) else { return };
    let pairs: Vec<&[u8]> = set
        .iter()
        .filter(|line| !line.contains("Max-Age=0"))
        .filter_map(|line| Some(line.split_once(';')?.0.as_bytes()))
        .collect();
    let found = name.find(pairs).ok().flatten();
    let opened = found.and_then(|it| sealer.open(Purpose::Session, name.as_str(), &it));
    assert_eq!(opened.map(|it| it.plain.to_vec()).as_deref(), Some(data));
}

/// The value of the signature's header, a line end, and a body: nobody signs with a secret that they do
/// not have.
pub fn webhook(data: &[u8]) {
    static WEBHOOKS: OnceLock<Option<Webhooks>> = OnceLock::new();
    let new = || Some(Webhooks::new("a secret of this test").ok()?.clock(In1970));
    let webhooks = WEBHOOKS.get_or_init(new);
    let Some(webhooks) = webhooks else { return };
    let mut parts = data.splitn(2, |byte| *byte == b'\n');
    let (signature, body) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    assert!(webhooks.receive_signed([signature], body).is_err());
    let _ = super::webhook::WebhookEvent::parse(body);
}

/// Times of few digits are of that year, so that their signatures are looked at.
struct In1970;

impl Clock for In1970 {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }
}

/// Wherever somebody wants to go back to, it is a path of this service, also once it is decoded.
pub fn path(data: &[u8]) {
    let Ok(wanted) = std::str::from_utf8(data) else { return };
    let path = return_path(wanted);
    assert!(path == wanted || path == "/");
    let Ok(here) = Url::parse("https://service.test/auth/callback") else { return };
    let mut path = path.to_owned();
    for _ in 0..3 {
        let there = here.join(&path).map(|url| url.origin());
        assert_eq!(there.as_ref(), Ok(&here.origin()), "{path}");
        assert!(path.starts_with('/') && !path.starts_with("//"), "{path}");
        assert!(!path.contains(['\\', '\r', '\n', '\t', '\0']), "{path}");
        let decoded = percent_encoding::percent_decode_str(&path).decode_utf8();
        let Ok(decoded) = decoded.map(std::borrow::Cow::into_owned) else { return };
        path = decoded;
    }
}
