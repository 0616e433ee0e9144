//! What WorkOS tells a service by itself: webhooks.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac::{Context, HMAC_SHA256, Key};
use http::{HeaderMap, HeaderValue};

use super::store::Expiring;
use crate::clock::{Clock, SystemClock};
use crate::json::Object;

/// How far a message's time may be from ours, both ways.
const TOLERANCE: Duration = Duration::from_secs(180);

/// A message from the end of the tolerance can come again until its beginning, and at that moment.
const REMEMBERED: Duration = Duration::from_secs(2 * 180 + 1);

/// More events than WorkOS sends in that time.
const MAX_REMEMBERED: usize = 10_000;

/// Takes webhooks of WorkOS: checks their signature and their time, and takes each event once.
///
/// Answer 200 to what is taken and to what has been taken before, and 400 to any error: the sender
/// need not know which.
///
/// ```
/// use auth_core::session::{WebhookEvent, WebhookEventKind, Webhooks};
/// use http::{HeaderMap, StatusCode};
///
/// fn receive(webhooks: &Webhooks, headers: &HeaderMap, body: &[u8]) -> StatusCode {
///     match webhooks.receive(headers, body) {
///         Ok(Some(event)) => match act(event.kind()) {
///             Ok(()) => StatusCode::OK,
///             Err(_) => {
///                 // WorkOS sends it again.
///                 webhooks.release(&event);
///                 StatusCode::SERVICE_UNAVAILABLE
///             }
///         },
///         Ok(None) => StatusCode::OK,
///         Err(error) => {
///             eprintln!("{error}");
///             StatusCode::BAD_REQUEST
///         }
///     }
/// }
///
/// fn act(event: &WebhookEventKind) -> Result<(), std::io::Error> {
///     match event {
///         WebhookEventKind::UserDeleted { user_id } => println!("{user_id} is gone"),
///         WebhookEventKind::SessionRevoked { session_id, .. } => println!("{session_id} has ended"),
///         _ => {}
///     }
///     Ok(())
/// }
///
/// # fn f() -> Result<(), Box<dyn std::error::Error>> {
/// let webhooks = Webhooks::new("the secret that the dashboard shows")?;
/// assert_eq!(receive(&webhooks, &HeaderMap::new(), b"{}"), StatusCode::BAD_REQUEST);
/// # Ok(())
/// # }
/// # f().unwrap();
/// ```
pub struct Webhooks {
    keys: Vec<Key>,
    clock: Arc<dyn Clock>,
    /// The ids of events.
    taken: Mutex<Expiring<()>>,
}

impl Webhooks {
    /// The header that bears the signature.
    pub const HEADER: &'static str = "workos-signature";

    /// The longest body that is taken: 1 MiB. Nothing longer need be read.
    pub const MAX_BODY_LEN: usize = 1024 * 1024;

    /// Takes what is signed with this secret, which the dashboard shows for the endpoint.
    ///
    /// # Errors
    /// If the secret is empty.
    pub fn new(secret: &str) -> Result<Self, NoWebhookSecret> {
        let webhooks = Self {
            keys: Vec::new(),
            clock: Arc::new(SystemClock::default()),
            taken: Mutex::new(Expiring::new(MAX_REMEMBERED)),
        };
        webhooks.also(secret)
    }

    /// Takes what is signed with this secret, too: while a secret is exchanged, both are good.
    ///
    /// # Errors
    /// If the secret is empty.
    pub fn also(mut self, secret: &str) -> Result<Self, NoWebhookSecret> {
        if secret.trim().is_empty() {
            return Err(NoWebhookSecret);
        }
        self.keys.push(Key::new(HMAC_SHA256, secret.as_bytes()));
        Ok(self)
    }

    /// Tells time in another way than by this machine's clock.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    pub(crate) fn shared_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// The event in a request with these headers and this body, to the byte as it came. `None` if it
    /// has been taken before.
    ///
    /// Of an event that has been taken no second effect may come, and WorkOS sends none again that is
    /// answered with 200. If what it asks for cannot be done now, [`release`](Self::release) it and
    /// answer 503.
    ///
    /// # Errors
    /// If it is not from WorkOS, not of this time or cannot be read.
    pub fn receive(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Option<WebhookEvent>, WebhookError> {
        let signatures = headers.get_all(Self::HEADER);
        self.receive_signed(signatures.iter().map(HeaderValue::as_bytes), body)
    }

    /// As `receive`, with the values of [`HEADER`](Self::HEADER).
    pub(crate) fn receive_signed<'a>(
        &self,
        signatures: impl IntoIterator<Item = &'a [u8]>,
        body: &[u8],
    ) -> Result<Option<WebhookEvent>, WebhookError> {
        let mut signatures = signatures.into_iter();
        let signature = match (signatures.next(), signatures.next()) {
            (Some(one), None) => Signature::parse(one).ok_or(WebhookError::SignatureMalformed)?,
            (None, _) => return Err(WebhookError::SignatureMissing),
            (Some(_), Some(_)) => return Err(WebhookError::SignatureRepeated),
        };
        if body.len() > Self::MAX_BODY_LEN {
            return Err(WebhookError::BodyTooLong);
        }
        let now = self.clock.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        signature.check_time(now)?;
        if !self.keys.iter().any(|key| signature.is_by(key, body)) {
            return Err(WebhookError::SignatureWrong);
        }
        let event = WebhookEvent::parse(body).ok_or(WebhookError::BodyMalformed)?;
        Ok(self.take(&event.id, now).then_some(event))
    }

    /// Lets an event come again, because what it asks for could not be done.
    pub fn release(&self, event: &WebhookEvent) {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).remove(&event.id);
    }

    fn take(&self, id: &str, now: Duration) -> bool {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = taken.get(id, now).is_none();
        if is_first {
            taken.insert(id, (), now.saturating_add(REMEMBERED), now);
        }
        is_first
    }
}

impl fmt::Debug for Webhooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhooks").field("secrets", &self.keys.len()).finish_non_exhaustive()
    }
}

/// `t=<milliseconds>, v1=<hexadecimal>`; parts of other names are for other readers.
struct Signature<'a> {
    /// As it was signed.
    time: &'a str,
    milliseconds: u64,
    tag: &'a str,
}

impl<'a> Signature<'a> {
    fn parse(header: &'a [u8]) -> Option<Self> {
        let (mut time, mut tag) = (None, None);
        for part in std::str::from_utf8(header).ok()?.split(',') {
            let (name, value) = part.trim().split_once('=')?;
            let repeated = match name {
                "t" => time.replace(value),
                "v1" => tag.replace(value),
                _ => None,
            };
            if repeated.is_some() {
                return None;
            }
        }
        let (time, tag) = (time?, tag?);
        // `parse` would take a sign.
        let is_number = time.bytes().all(|byte| byte.is_ascii_digit());
        let milliseconds = is_number.then(|| time.parse().ok())??;
        Some(Self { time, milliseconds, tag })
    }

    fn check_time(&self, now: Duration) -> Result<(), WebhookError> {
        let time = Duration::from_millis(self.milliseconds);
        if now.saturating_sub(time) > TOLERANCE {
            return Err(WebhookError::TooOld { by: now.saturating_sub(time) });
        }
        if time.saturating_sub(now) > TOLERANCE {
            return Err(WebhookError::TooNew { by: time.saturating_sub(now) });
        }
        Ok(())
    }

    fn is_by(&self, key: &Key, body: &[u8]) -> bool {
        let mut context = Context::with_key(key);
        for part in [self.time.as_bytes(), b".", body] {
            context.update(part);
        }
        let expected: String =
            context.sign().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        verify_slices_are_equal(expected.as_bytes(), self.tag.as_bytes()).is_ok()
    }
}

/// Something that has happened at WorkOS, and that WorkOS has signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookEvent {
    id: String,
    kind: WebhookEventKind,
}

/// What has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookEventKind {
    /// `session.revoked`: somebody signed out, or was signed out.
    SessionRevoked {
        /// The claim `sid` of its tokens.
        session_id: String,
        /// Whose it was.
        user_id: Option<String>,
    },
    /// `user.deleted`.
    UserDeleted {
        /// The claim `sub` of their tokens.
        user_id: String,
    },
    /// Any other.
    Other {
        /// Its name, such as `user.updated`.
        name: String,
    },
}

impl WebhookEvent {
    /// The event's own id, the same each time it is sent.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What has happened.
    #[must_use]
    pub fn kind(&self) -> &WebhookEventKind {
        &self.kind
    }

    fn parse(body: &[u8]) -> Option<Self> {
        let envelope = Object::parse(std::str::from_utf8(body).ok()?).ok()?;
        let name = text(&envelope, "event")?;
        let data = || envelope.get("data")?.as_object();
        let kind = match name.as_str() {
            "session.revoked" => WebhookEventKind::SessionRevoked {
                session_id: text(&data()?, "id")?,
                user_id: text(&data()?, "user_id"),
            },
            "user.deleted" => WebhookEventKind::UserDeleted { user_id: text(&data()?, "id")? },
            _ => WebhookEventKind::Other { name },
        };
        Some(Self { id: text(&envelope, "id")?, kind })
    }
}

fn text(object: &Object<'_>, name: &str) -> Option<String> {
    let text = object.get(name)?.as_string()?;
    (!text.is_empty()).then(|| text.into_owned())
}

/// Why a webhook is not taken: for the log. The sender is told 400 in any case.
///
/// ```
/// use auth_core::session::WebhookError;
///
/// let error = WebhookError::SignatureMissing;
/// assert_eq!(error.to_string(), "the webhook has no header `WorkOS-Signature`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// No header `WorkOS-Signature`.
    #[error("the webhook has no header `WorkOS-Signature`")]
    SignatureMissing,
    /// Several of them.
    #[error("the webhook has several headers `WorkOS-Signature`")]
    SignatureRepeated,
    /// It is not `t=<milliseconds>, v1=<hexadecimal>`.
    #[error("the webhook's `WorkOS-Signature` is not `t=<milliseconds>, v1=<hexadecimal>`")]
    SignatureMalformed,
    /// No secret has signed it.
    #[error(
        "the webhook is signed with none of the secrets: compare that of the endpoint in the \
         dashboard, and see that nothing changes the body before it is checked"
    )]
    SignatureWrong,
    /// It was signed too long ago.
    #[error(
        "the webhook was signed {by:?} ago, and 180s are taken: somebody sends it again, or the \
         clock of this machine is fast"
    )]
    TooOld {
        /// How long ago.
        by: Duration,
    },
    /// It was signed in the future.
    #[error(
        "the webhook was signed {by:?} from now, and 180s are taken: the clock of this machine is slow"
    )]
    TooNew {
        /// How far off.
        by: Duration,
    },
    /// More than [`Webhooks::MAX_BODY_LEN`].
    #[error("the webhook's body is longer than 1 MiB")]
    BodyTooLong,
    /// Not an event, or one without what it is about.
    #[error("the webhook's body is signed, and not an event as WorkOS describes it")]
    BodyMalformed,
}

/// The secret of a webhook endpoint is empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the secret of the webhook endpoint is empty: copy the one that the dashboard shows for it"
)]
pub struct NoWebhookSecret;

#[cfg(test)]
mod tests {
    use aws_lc_rs::hmac::sign;

    use super::super::test_clock::{START, TestClock};
    use super::*;

    const BODY: &str = r#"{"object":"event","id":"event_1","event":"session.revoked",
        "data":{"object":"session","id":"session_1","user_id":"user_1"},"created_at":"x"}"#;

    /// By the clock of the tests.
    struct Same(Arc<TestClock>);

    impl Clock for Same {
        fn now(&self) -> SystemTime {
            self.0.now()
        }

        fn monotonic(&self) -> Duration {
            self.0.monotonic()
        }
    }

    fn webhooks() -> (Webhooks, Arc<TestClock>) {
        let clock = Arc::new(TestClock::default());
        (Webhooks::new("new").unwrap().also("old").unwrap().clock(Same(clock.clone())), clock)
    }

    const START_MS: i64 = START.as_millis() as i64;

    fn tag(secret: &str, time: impl fmt::Display, body: &[u8]) -> String {
        let mut message = format!("{time}.").into_bytes();
        message.extend_from_slice(body);
        let tag = sign(&Key::new(HMAC_SHA256, secret.as_bytes()), &message);
        tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Signed at a time in milliseconds after the start of the clock.
    fn signed(secret: &str, after: i64, body: &[u8]) -> String {
        let time = START_MS + after;
        format!("t={time}, v1={}", tag(secret, time, body))
    }

    type Received = Result<Option<WebhookEvent>, WebhookError>;

    fn receive(webhooks: &Webhooks, header: &str, body: impl AsRef<[u8]>) -> Received {
        webhooks.receive_signed([header.as_bytes()], body.as_ref())
    }

    fn event(kind: &str, data: &str) -> String {
        format!(r#"{{"id":"event_1","event":"{kind}","data":{data}}}"#)
    }

    #[test]
    fn an_event_says_who_must_go() {
        let session_of = |user_id: Option<&str>| WebhookEventKind::SessionRevoked {
            session_id: "session_1".to_owned(),
            user_id: user_id.map(str::to_owned),
        };
        let other = |name: &str| WebhookEventKind::Other { name: name.to_owned() };
        for (body, expected) in [
            (BODY.to_owned(), session_of(Some("user_1"))),
            (event("session.revoked", r#"{"id":"session_1"}"#), session_of(None)),
            (
                event("user.deleted", r#"{"id":"us\u0065r_1","email":"a@b.c"}"#),
                WebhookEventKind::UserDeleted { user_id: "user_1".to_owned() },
            ),
            (event("user.updated", r#"{"id":"user_1"}"#), other("user.updated")),
            (event("Session.revoked", "null"), other("Session.revoked")),
        ] {
            let (webhooks, _) = webhooks();
            let event = receive(&webhooks, &signed("new", 0, body.as_bytes()), &body).unwrap();
            let event = event.unwrap();
            assert_eq!((event.id(), event.kind()), ("event_1", &expected), "{body}");
        }
    }

    #[test]
    fn what_is_signed_and_no_event_is_refused() {
        for body in [
            "",
            "[]",
            "{}",
            r#"{"id":"event_1"}"#,
            r#"{"event":"user.updated"}"#,
            r#"{"id":"","event":"user.updated"}"#,
            r#"{"id":1,"event":"user.updated"}"#,
            r#"{"id":"event_1","event":"user.deleted"}"#,
            &event("user.deleted", "[]"),
            &event("user.deleted", r#"{"id":""}"#),
            &event("session.revoked", r#"{"user_id":"user_1"}"#),
            &event("user.deleted", r#"{"id":"user_1","id":"user_2"}"#),
            &format!("{BODY}{BODY}"),
        ] {
            let (webhooks, _) = webhooks();
            let outcome = receive(&webhooks, &signed("new", 0, body.as_bytes()), body);
            assert_eq!(outcome, Err(WebhookError::BodyMalformed), "{body}");
        }
        let (webhooks, _) = webhooks();
        let outcome = receive(&webhooks, &signed("new", 0, b"\xff"), b"\xff");
        assert_eq!(outcome, Err(WebhookError::BodyMalformed));
    }

    /// `printf '%s' '1800000000000.{}' | openssl dgst -sha256 -hmac new`
    #[test]
    fn the_signature_is_the_one_that_others_make() {
        let (webhooks, _) = webhooks();
        let header =
            "t=1800000000000, v1=619fb7bc53b02ebfa10c78718ccc336f0f4c4ce9492c7c08859fe4e29aaaf7ed";
        assert_eq!(receive(&webhooks, header, "{}"), Err(WebhookError::BodyMalformed));
    }

    #[test]
    fn only_the_secrets_sign_and_only_this_body_at_this_time() {
        let (webhooks, _) = webhooks();
        let (time, good) = (START_MS, tag("new", START_MS, BODY.as_bytes()));
        let wrong = [
            signed("other", 0, BODY.as_bytes()),
            signed("new", 0, BODY.trim_end_matches('}').as_bytes()),
            signed("new", 0, b""),
            format!("t={}, v1={good}", time + 1),
            format!("t=0{time}, v1={good}"),
            format!("t={time}, v1={}", good.to_uppercase()),
            format!("t={time}, v1={}", &good[..63]),
            format!("t={time}, v1={good}0"),
            format!("t={time}, v1="),
        ];
        for header in wrong {
            assert_eq!(
                receive(&webhooks, &header, BODY),
                Err(WebhookError::SignatureWrong),
                "{header}"
            );
        }
        for at in 0..good.len() {
            let mut tag = good.clone().into_bytes();
            tag[at] = if tag[at] == b'0' { b'1' } else { b'0' };
            let header = format!("t={time}, v1={}", String::from_utf8(tag).unwrap());
            assert_eq!(
                receive(&webhooks, &header, BODY),
                Err(WebhookError::SignatureWrong),
                "{at}"
            );
        }
        for secret in ["new", "old"] {
            let body = BODY.replace("event_1", secret);
            let header = signed(secret, 0, body.as_bytes());
            assert!(receive(&webhooks, &header, body).unwrap().is_some(), "{secret}");
        }
    }

    #[test]
    fn there_is_one_signature_of_its_form() {
        let (webhooks, _) = webhooks();
        let good = signed("new", 0, BODY.as_bytes());
        let tag = tag("new", START_MS, BODY.as_bytes());
        for malformed in [
            String::new(),
            "t".to_owned(),
            format!("t={START_MS}"),
            format!("v1={tag}"),
            format!("t=, v1={tag}"),
            format!("t=+{START_MS}, v1={tag}"),
            format!("t=-{START_MS}, v1={tag}"),
            format!("t={START_MS}.0, v1={tag}"),
            format!("t=99999999999999999999, v1={tag}"),
            format!("t={START_MS}, {good}"),
            format!("{good}, v1={tag}"),
            format!("{good},"),
        ] {
            let outcome = receive(&webhooks, &malformed, BODY);
            assert_eq!(outcome, Err(WebhookError::SignatureMalformed), "{malformed}");
        }
        let latin1 = webhooks.receive_signed([&b"t=1, v1=\xe9"[..]], BODY.as_bytes());
        assert_eq!(latin1, Err(WebhookError::SignatureMalformed));

        let mut headers = HeaderMap::new();
        let outcome = webhooks.receive(&headers, BODY.as_bytes());
        assert_eq!(outcome, Err(WebhookError::SignatureMissing));
        headers.append("WorkOS-Signature", good.parse().unwrap());
        assert!(webhooks.receive(&headers, BODY.as_bytes()).unwrap().is_some());
        headers.append("WorkOS-Signature", good.parse().unwrap());
        let outcome = webhooks.receive(&headers, BODY.as_bytes());
        assert_eq!(outcome, Err(WebhookError::SignatureRepeated));

        let same = [
            format!("t={START_MS},v1={tag}"),
            format!(" v1={tag} ,  t={START_MS}"),
            format!("t={START_MS}, v1={tag}, v2=whatever"),
        ];
        for header in same {
            assert_eq!(receive(&webhooks, &header, BODY), Ok(None), "{header}");
        }
    }

    #[test]
    fn a_message_is_of_these_three_minutes() {
        for (after, expected) in [
            (0, "taken"),
            (-180_000, "taken"),
            (180_000, "taken"),
            (-180_001, "old"),
            (180_001, "new"),
            (-START_MS, "old"),
            (i64::MAX - START_MS, "new"),
        ] {
            let (webhooks, _) = webhooks();
            let came = match receive(&webhooks, &signed("new", after, BODY.as_bytes()), BODY) {
                Ok(Some(_)) => "taken",
                Err(WebhookError::TooOld { .. }) => "old",
                Err(WebhookError::TooNew { .. }) => "new",
                other => panic!("{after}: {other:?}"),
            };
            assert_eq!(came, expected, "{after}");
        }
    }

    #[test]
    fn an_event_is_taken_once() {
        let (webhooks, clock) = webhooks();
        // As early as can be, so that it stays acceptable longest.
        let header = signed("new", 180_000, BODY.as_bytes());
        let event = receive(&webhooks, &header, BODY).unwrap().unwrap();
        for second in 0..=360 {
            assert_eq!(receive(&webhooks, &header, BODY), Ok(None), "{second}");
            clock.advance(Duration::from_secs(1));
        }
        let outcome = receive(&webhooks, &header, BODY);
        assert!(matches!(outcome, Err(WebhookError::TooOld { .. })), "{outcome:?}");

        // Signed anew it is still the same event, until what it asks for could not be done.
        let (webhooks, _) = self::webhooks();
        for (after, is_taken) in [(0, true), (1, false), (2, false)] {
            let outcome = receive(&webhooks, &signed("old", after, BODY.as_bytes()), BODY);
            assert_eq!(outcome.unwrap().is_some(), is_taken);
        }
        webhooks.release(&event);
        assert_eq!(receive(&webhooks, &header, BODY), Ok(Some(event)));
    }

    /// Nobody can make it forget what was taken, or take an event's place, without a secret.
    #[test]
    fn what_is_refused_is_not_remembered() {
        let (webhooks, _) = webhooks();
        let refused = receive(&webhooks, &signed("other", 0, BODY.as_bytes()), BODY);
        assert_eq!(refused, Err(WebhookError::SignatureWrong));
        assert!(receive(&webhooks, &signed("new", 0, BODY.as_bytes()), BODY).unwrap().is_some());
    }

    #[test]
    fn a_body_is_at_most_a_mebibyte() {
        let (webhooks, _) = webhooks();
        let padding = Webhooks::MAX_BODY_LEN - BODY.len();
        for (more, is_taken) in [(0, true), (1, false)] {
            let body = BODY.to_owned() + &" ".repeat(padding + more);
            let outcome = receive(&webhooks, &signed("new", 0, body.as_bytes()), &body);
            assert_eq!(outcome == Err(WebhookError::BodyTooLong), !is_taken, "{more}");
            assert_eq!(outcome.is_ok(), is_taken, "{more}");
        }
    }

    #[test]
    fn an_empty_secret_is_none() {
        for secret in ["", " ", "\n"] {
            assert_eq!(Webhooks::new(secret).unwrap_err(), NoWebhookSecret);
            assert_eq!(Webhooks::new("new").unwrap().also(secret).unwrap_err(), NoWebhookSecret);
        }
    }

    #[test]
    fn no_secret_and_no_signature_is_shown() {
        let webhooks = Webhooks::new("hidden").unwrap();
        assert!(!format!("{webhooks:?}").contains("hidden"));
        let header = signed("other", 0, BODY.as_bytes());
        let error = receive(&self::webhooks().0, &header, BODY).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(&header[header.len() - 64..]) && !shown.contains("session_1"));
    }
}
