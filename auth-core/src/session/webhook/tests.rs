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
        assert_eq!(receive(&webhooks, &header, BODY), Err(WebhookError::SignatureWrong), "{at}");
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
