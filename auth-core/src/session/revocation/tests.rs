use std::sync::atomic::AtomicBool;

use tokio::time::timeout;

use super::super::test_clock::{START, TestClock};
use super::super::{Cursor, Fence, MemoryStore, StoreFuture};
use super::*;

const HOUR: Duration = Duration::from_secs(3600);

fn list(limit: usize) -> (Arc<Revocations>, Arc<TestClock>) {
    let clock = Arc::new(TestClock::default());
    (Arc::new(Revocations::new(clock.clone(), HOUR, limit)), clock)
}

/// Seconds from the start of the clock.
fn at(seconds: i64) -> SystemTime {
    let start = SystemTime::UNIX_EPOCH + START;
    let time = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 { start - time } else { start + time }
}

fn session(id: impl ToString, until: i64) -> Revocation {
    Revocation { revoked: Revoked::Session(id.to_string()), until: at(until) }
}

fn user(id: &str, issued_until: i64, until: i64) -> Revocation {
    let (id, issued_until) = (id.to_owned(), at(issued_until));
    Revocation { revoked: Revoked::User { id, issued_until }, until: at(until) }
}

#[test]
fn a_token_of_a_revoked_session_or_user_is_refused() {
    let (revocations, _) = list(10);
    assert!(!revocations.has(Some("s"), "u", None), "the list is empty");
    revocations.add(&[session("s", 60), user("u", 0, 60)]).unwrap();
    for (session, user, issued_at, expected) in [
        (Some("s"), "other", Some(0), true),
        (Some("s"), "other", Some(30), true),
        (Some("s"), "other", None, true),
        (Some("S"), "other", Some(0), false),
        (Some("u"), "s", Some(0), false),
        (None, "other", Some(0), false),
        (None, "u", Some(-1), true),
        (None, "u", Some(0), true),
        (None, "u", Some(1), false),
        (Some("other"), "u", None, true),
    ] {
        let is_revoked = revocations.has(session, user, issued_at.map(at));
        assert_eq!(is_revoked, expected, "{session:?} {user} {issued_at:?}");
    }
}

#[test]
fn of_two_revocations_of_a_user_both_count() {
    let (revocations, clock) = list(10);
    revocations.add(&[user("u", -50, 120), user("u", 0, 60), user("u", -90, 90)]).unwrap();
    assert!(revocations.has(None, "u", Some(at(0))));
    clock.advance(Duration::from_secs(60));
    revocations.add(&[session("s", 120)]).unwrap();
    assert!(revocations.has(None, "u", Some(at(0))), "until the later end");
}

#[test]
fn a_list_is_empty_until_something_counts() {
    let (revocations, _) = list(10);
    for (added, is_empty) in [
        (&[][..], true),
        (&[session("over", 0), user("over", -9, -1)], true),
        (&[session("s", 60)], false),
    ] {
        revocations.add(added).unwrap();
        assert_eq!(revocations.is_empty(), is_empty, "{added:?}");
    }
}

#[test]
fn a_full_list_forgets_nothing_that_counts() {
    let (revocations, clock) = list(2);
    revocations.add(&[session("a", 60), user("b", 0, 120)]).unwrap();
    let full = revocations.add(&[session("c", 180), session("d", 180)]);
    assert_eq!(full, Err(Full { limit: 2, refused: 2 }));
    assert!(revocations.has(Some("a"), "", None) && revocations.has(None, "b", None));
    assert!(!revocations.has(Some("c"), "", None));

    // Of those that are there, more can be said.
    revocations.add(&[user("b", 30, 120)]).unwrap();
    assert!(revocations.has(None, "b", Some(at(30))));

    clock.advance(Duration::from_secs(60));
    let full = revocations.add(&[session("c", 180), session("d", 180)]);
    assert_eq!(full, Err(Full { limit: 2, refused: 1 }));
    assert!(revocations.has(Some("c"), "", None) && !revocations.has(Some("a"), "", None));
}

#[test]
fn a_list_whose_entries_are_over_is_empty_again() {
    let (revocations, clock) = list(10);
    revocations.add(&[session("a", 60), user("b", 0, 120)]).unwrap();
    for (advance, len) in [(59, 2), (1, 1), (59, 1), (1, 0)] {
        clock.advance(Duration::from_secs(advance));
        revocations.drop_expired();
        assert_eq!(revocations.len.load(Ordering::Acquire), len);
        assert_eq!(revocations.list.load().len(), len);
    }
}

/// Readers on other threads see what was revoked as soon as they see that there is more.
#[test]
fn who_sees_the_length_sees_the_revocation() {
    let (revocations, _) = list(1_000);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for number in 0..500 {
                revocations.add(&[session(number, 60)]).unwrap();
            }
        });
        while !writer.is_finished() {
            let seen = revocations.len.load(Ordering::Acquire);
            for number in seen.saturating_sub(3)..seen {
                assert!(revocations.has(Some(&number.to_string()), "", None), "{number}");
            }
        }
    });
}

/// A store that can be away.
struct Away {
    store: MemoryStore,
    is_away: AtomicBool,
    hangs: AtomicBool,
}

impl Away {
    fn new(clock: Arc<TestClock>) -> Arc<Self> {
        struct Same(Arc<TestClock>);
        impl Clock for Same {
            fn now(&self) -> SystemTime {
                self.0.now()
            }
            fn monotonic(&self) -> Duration {
                self.0.monotonic()
            }
        }
        let store = MemoryStore::new().clock(Same(clock));
        Arc::new(Self { store, is_away: AtomicBool::new(false), hangs: AtomicBool::new(false) })
    }

    fn or<'a, T: Send + 'a>(&self, answer: StoreFuture<'a, T>) -> StoreFuture<'a, T> {
        if self.hangs.load(Ordering::SeqCst) {
            return Box::pin(std::future::pending());
        }
        if self.is_away.load(Ordering::SeqCst) {
            return Box::pin(async { Err(StoreError::new("away")) });
        }
        answer
    }
}

impl Store for Away {
    fn put<'a>(&'a self, key: &'a str, value: &'a [u8], life: Duration) -> StoreFuture<'a, ()> {
        self.or(self.store.put(key, value, life))
    }

    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Vec<u8>>> {
        self.or(self.store.get(key))
    }

    fn replace<'a>(
        &'a self,
        key: &'a str,
        value: &'a [u8],
        life: Duration,
        fence: Fence,
    ) -> StoreFuture<'a, bool> {
        self.or(self.store.replace(key, value, life, fence))
    }

    fn remove<'a>(&'a self, key: &'a str) -> StoreFuture<'a, ()> {
        self.or(self.store.remove(key))
    }

    fn lock<'a>(&'a self, key: &'a str, life: Duration) -> StoreFuture<'a, Option<Fence>> {
        self.or(self.store.lock(key, life))
    }

    fn unlock<'a>(&'a self, key: &'a str, fence: Fence) -> StoreFuture<'a, ()> {
        self.or(self.store.unlock(key, fence))
    }

    fn revoke<'a>(&'a self, revocation: &'a Revocation) -> StoreFuture<'a, ()> {
        self.or(self.store.revoke(revocation))
    }

    fn revoked_since<'a>(
        &'a self,
        cursor: &'a Cursor,
    ) -> StoreFuture<'a, (Vec<Revocation>, Cursor)> {
        self.or(self.store.revoked_since(cursor))
    }
}

/// Time is tokio's and stands still but for this.
async fn within_two_seconds() {
    tokio::time::sleep(Duration::from_secs(2)).await;
}

#[tokio::test(start_paused = true)]
async fn other_instances_refuse_within_two_seconds() {
    let (one, clock) = list(10);
    let other = Arc::new(Revocations::new(clock.clone(), HOUR, 10));
    let store = Away::new(clock);
    one.revoke_session("before", Some(&*store)).await.unwrap();

    let mut follower = Follower::new(other.clone(), store.clone());
    follower.catch_up().await.unwrap();
    assert!(other.has(Some("before"), "", None), "from the first request on");

    let following = follower.follow();
    one.revoke_session("s", Some(&*store)).await.unwrap();
    one.revoke_user("u", Some(&*store)).await.unwrap();
    assert!(one.has(Some("s"), "", None), "here at once");
    within_two_seconds().await;
    assert!(other.has(Some("s"), "", None));
    assert!(other.has(None, "u", Some(at(0))) && !other.has(None, "u", Some(at(1))));

    drop(following);
    one.revoke_session("t", Some(&*store)).await.unwrap();
    within_two_seconds().await;
    assert!(!other.has(Some("t"), "", None), "nobody follows any more");
}

#[tokio::test(start_paused = true)]
async fn while_the_store_is_away_what_is_known_counts_and_later_nothing_is_missed() {
    let (one, clock) = list(10);
    let other = Arc::new(Revocations::new(clock.clone(), HOUR, 10));
    let store = Away::new(clock);
    let _following = Follower::new(other.clone(), store.clone()).follow();
    one.revoke_session("a", Some(&*store)).await.unwrap();
    within_two_seconds().await;

    one.revoke_session("b", Some(&*store)).await.unwrap();
    store.is_away.store(true, Ordering::SeqCst);
    let error = one.revoke_session("c", Some(&*store)).await.unwrap_err();
    assert_eq!(error.to_string(), "away");
    assert!(one.has(Some("c"), "", None), "this instance refuses all the same");
    within_two_seconds().await;
    assert!(other.has(Some("a"), "", None) && !other.has(Some("b"), "", None));

    store.is_away.store(false, Ordering::SeqCst);
    within_two_seconds().await;
    assert!(other.has(Some("b"), "", None));
    assert!(!other.has(Some("c"), "", None), "the store has not heard of it");
    let _following = Follower::new(one, store).follow();
    within_two_seconds().await;
    assert!(other.has(Some("c"), "", None), "what an instance could not tell, it tells later");
}

#[tokio::test(start_paused = true)]
async fn what_found_no_room_is_read_again_when_there_is_some() {
    let (one, clock) = list(10);
    let other = Arc::new(Revocations::new(clock.clone(), HOUR, 1));
    let store = Away::new(clock.clone());
    let mut follower = Follower::new(other.clone(), store.clone());
    one.revoke_session("a", Some(&*store)).await.unwrap();
    clock.advance(HOUR / 2);
    one.revoke_session("b", Some(&*store)).await.unwrap();
    let error = follower.catch_up().await.unwrap_err().to_string();
    assert!(error.contains("full"), "{error}");
    assert!(other.has(Some("a"), "", None));

    let _following = follower.follow();
    within_two_seconds().await;
    assert!(!other.has(Some("b"), "", None));
    clock.advance(HOUR / 2);
    within_two_seconds().await;
    assert!(other.has(Some("b"), "", None) && !other.has(Some("a"), "", None));
}

/// As when the browser that signs out closes the connection.
#[tokio::test(start_paused = true)]
async fn who_goes_away_while_the_store_hangs_has_revoked_all_the_same() {
    let (one, clock) = list(10);
    let store = Away::new(clock);
    store.hangs.store(true, Ordering::SeqCst);
    let revoking = one.revoke_session("a", Some(&*store));
    assert!(timeout(Duration::from_millis(100), revoking).await.is_err());
    store.hangs.store(false, Ordering::SeqCst);
    let _following = Follower::new(one, store.clone()).follow();
    within_two_seconds().await;
    let (all, _) = store.revoked_since(&Cursor::default()).await.unwrap();
    assert_eq!(all.len(), 1);
}

#[tokio::test]
async fn who_revokes_is_told_when_this_instance_cannot_take_it() {
    let (revocations, clock) = list(1);
    let store = Away::new(clock);
    revocations.revoke_session("a", Some(&*store)).await.unwrap();
    let error = revocations.revoke_session("b", Some(&*store)).await.unwrap_err().to_string();
    assert!(error.contains("full"), "{error}");
    let (all, _) = store.revoked_since(&Cursor::default()).await.unwrap();
    assert_eq!(all.len(), 2, "others can");
}
