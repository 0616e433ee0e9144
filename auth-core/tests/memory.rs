//! `MemoryStore`: what every store does, and its limits.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod store;

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use auth_core::Clock;
use auth_core::session::{Cursor, MemoryStore, Revocation, Revoked, Store};
use store::Subject;

/// Stands still until somebody moves it.
#[derive(Clone, Default)]
struct TestClock(Arc<Mutex<Duration>>);

impl TestClock {
    fn advance(&self, time: Duration) {
        *self.0.lock().unwrap() += time;
    }
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000) + self.monotonic()
    }

    fn monotonic(&self) -> Duration {
        *self.0.lock().unwrap()
    }
}

fn subject() -> (Subject, ()) {
    let clock = TestClock::default();
    let store = Arc::new(MemoryStore::new().clock(clock.clone()));
    let now = clock.clone();
    let subject = Subject {
        store,
        now: Box::new(move || now.now()),
        pass: Box::new(move || clock.advance(Duration::from_millis(50))),
    };
    (subject, ())
}

mod every_store {
    crate::store::tests_of!(Some(crate::subject()));
}

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn at_the_limit_what_ends_first_goes_first() {
    let store = MemoryStore::new().limit(3);
    for (key, hours) in [("a", 3), ("b", 1), ("c", 2), ("d", 3)] {
        store.put(key, b"", hours * HOUR).await.unwrap();
    }
    for (key, is_there) in [("a", true), ("b", false), ("c", true), ("d", true)] {
        assert_eq!(store.get(key).await.unwrap().is_some(), is_there, "{key}");
    }
}

#[tokio::test]
async fn whose_lock_had_to_go_writes_no_more() {
    let store = MemoryStore::new().limit(1);
    store.put("a", b"old", HOUR).await.unwrap();
    let fence = store.lock("a", HOUR).await.unwrap().unwrap();
    assert!(store.lock("b", 2 * HOUR).await.unwrap().is_some());
    assert!(!store.replace("a", b"new", HOUR, fence).await.unwrap());
    assert!(store.lock("a", HOUR).await.unwrap() > Some(fence));
}

#[tokio::test]
async fn no_revocation_that_counts_makes_room() {
    let clock = TestClock::default();
    let store = MemoryStore::new().limit(2).clock(clock.clone());
    let revocation = |id: &str, hours: u32| Revocation {
        revoked: Revoked::Session(id.to_owned()),
        until: clock.now() + hours * HOUR,
    };
    let since = async || store.revoked_since(&Cursor::default()).await.unwrap().0;
    let (a, b, c) = (revocation("a", 1), revocation("b", 2), revocation("c", 3));
    store.revoke(&a).await.unwrap();
    store.revoke(&b).await.unwrap();
    let error = store.revoke(&c).await.unwrap_err().to_string();
    assert!(error.contains("full") && error.contains("MemoryStore::limit"), "{error}");
    assert_eq!(since().await, [a, b.clone()]);

    clock.advance(HOUR);
    store.revoke(&c).await.unwrap();
    assert_eq!(since().await, [b, c]);
}

#[tokio::test]
async fn a_fence_is_good_for_an_hour_after_its_lock() {
    for (after, expected) in [(2 * HOUR - Duration::from_secs(1), true), (2 * HOUR, false)] {
        let clock = TestClock::default();
        let store = MemoryStore::new().clock(clock.clone());
        store.put("a", b"", 5 * HOUR).await.unwrap();
        let fence = store.lock("a", HOUR).await.unwrap().unwrap();
        clock.advance(after);
        let done = store.replace("a", b"", HOUR, fence).await.unwrap();
        assert_eq!(done, expected, "{after:?} later");
    }
}
