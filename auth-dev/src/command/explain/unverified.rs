//! What a token says of itself, read leniently: for people to see, and never to decide by.

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The first second after the year 9999, where formats of time end.
const END_OF_DATES: Duration = Duration::from_secs(253_402_300_800);

/// The parts of a token that are not secret.
pub(crate) struct Unverified {
    pub(super) len: usize,
    pub(super) segments: usize,
    /// A character that no token has.
    pub(super) stranger: Option<char>,
    /// No whole signature.
    pub(super) is_cut_off: bool,
    pub(crate) header: Option<Map<String, Value>>,
    pub(crate) claims: Option<Map<String, Value>>,
}

impl Unverified {
    pub(crate) fn read(token: &str) -> Self {
        let mut segments = token.split('.');
        let (header, claims) = (object(segments.next()), object(segments.next()));
        let algorithm = header.as_ref().and_then(|header| header.get("alg")?.as_str());
        let is_whole = segments.next().is_some_and(|signature| {
            algorithm != Some("RS256") || can_be_of_rsa(signature.len() * 3 / 4)
        });
        Self {
            len: token.len(),
            segments: token.split('.').count(),
            stranger: token.chars().find(|c| !c.is_ascii_alphanumeric() && !"-_.".contains(*c)),
            is_cut_off: !is_whole,
            header,
            claims,
        }
    }

    /// A text of the header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.header.as_ref()?.get(name)?.as_str()
    }

    pub(crate) fn claim(&self, name: &str) -> Option<&Value> {
        self.claims.as_ref()?.get(name)
    }

    /// A claim that is a time.
    pub(crate) fn date(&self, name: &str) -> Option<SystemTime> {
        let since_1970 = Duration::try_from_secs_f64(self.claim(name)?.as_f64()?).ok()?;
        (since_1970 < END_OF_DATES).then(|| SystemTime::UNIX_EPOCH + since_1970)
    }

    /// A claim that is text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.claim(name)?.as_str()
    }

    /// Whom the token is for, in the order of the token.
    pub(crate) fn audience(&self) -> Vec<&str> {
        match self.claim("aud") {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

/// An RSA signature has as many bytes as its key.
fn can_be_of_rsa(bytes: usize) -> bool {
    (256..=512).contains(&bytes) && bytes.is_multiple_of(32)
}

fn object(segment: Option<&str>) -> Option<Map<String, Value>> {
    serde_json::from_slice(&LENIENT.decode(segment?).ok()?).ok()
}
