//! What every store does. Each function is a test, run against each store.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use auth_core::session::{Cursor, Fence, Revocation, Revoked, Store};

/// A store, and time as it sees it.
pub(crate) struct Subject {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) now: Box<dyn Fn() -> SystemTime + Send + Sync>,
    /// Makes some time pass, where it does not by itself.
    pub(crate) pass: Box<dyn Fn() + Send + Sync>,
}

const SHORT: Duration = Duration::from_millis(200);
const LONG: Duration = Duration::from_secs(600);

impl Subject {
    /// Waits for something that time brings about.
    async fn until(&self, what: &str, mut is_so: impl AsyncFnMut() -> bool) {
        for _ in 0..1_000 {
            if is_so().await {
                return;
            }
            (self.pass)();
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{what}: not within 10 seconds");
    }

    async fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.store.get(key).await.unwrap()
    }

    async fn put(&self, key: &str, value: &str, life: Duration) {
        self.store.put(key, value.as_bytes(), life).await.unwrap();
    }

    async fn replace(&self, key: &str, value: &str, fence: Fence) -> bool {
        self.store.replace(key, value.as_bytes(), LONG, fence).await.unwrap()
    }

    async fn lock(&self, key: &str, life: Duration) -> Option<Fence> {
        self.store.lock(key, life).await.unwrap()
    }

    async fn revoke_session(&self, id: &str, life: Duration) {
        let (revoked, until) = (Revoked::Session(id.to_owned()), (self.now)() + life);
        self.store.revoke(&Revocation { revoked, until }).await.unwrap();
    }

    /// The ids of all sessions that have been revoked since.
    async fn revoked_since(&self, cursor: &Cursor) -> (Vec<String>, Cursor) {
        let (list, cursor) = self.store.revoked_since(cursor).await.unwrap();
        let id = |revocation: Revocation| match revocation.revoked {
            Revoked::Session(id) => id,
            other => panic!("{other:?}"),
        };
        (list.into_iter().map(id).collect(), cursor)
    }
}

pub(crate) async fn a_value_is_there_until_it_is_replaced_or_removed(subject: Subject) {
    assert_eq!(subject.get("a").await, None);
    subject.put("a", "first", LONG).await;
    subject.put("b", "other", LONG).await;
    subject.put("a", "second", LONG).await;
    assert_eq!(subject.get("a").await.as_deref(), Some(&b"second"[..]));

    subject.store.remove("a").await.unwrap();
    subject.store.remove("a").await.unwrap();
    assert_eq!(subject.get("a").await, None);
    assert_eq!(subject.get("b").await.as_deref(), Some(&b"other"[..]));
}

pub(crate) async fn a_value_is_any_bytes(subject: Subject) {
    let all: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    for value in [&b""[..], b"\0", b"\r\n$-1\r\n", &all] {
        subject.store.put("key {with} \r\n everything", value, LONG).await.unwrap();
        assert_eq!(subject.get("key {with} \r\n everything").await.as_deref(), Some(value));
    }
}

pub(crate) async fn a_value_has_its_time(subject: Subject) {
    subject.put("long", "", LONG).await;
    subject.put("prolonged", "", SHORT).await;
    subject.put("short", "", SHORT).await;
    let fence = subject.lock("prolonged", LONG).await.unwrap();
    assert!(subject.replace("prolonged", "", fence).await);

    subject.until("it expires", async || subject.get("short").await.is_none()).await;
    assert!(subject.get("long").await.is_some());
    assert!(subject.get("prolonged").await.is_some(), "a replaced value has a time of its own");
}

pub(crate) async fn a_lock_is_held_by_one_until_its_end_or_its_return(subject: Subject) {
    let first = subject.lock("a", LONG).await.unwrap();
    assert_eq!(subject.lock("a", LONG).await, None);
    assert!(subject.lock("b", LONG).await.is_some());

    subject.store.unlock("a", first).await.unwrap();
    let second = subject.lock("a", SHORT).await.unwrap();
    assert!(first < second, "{first:?} {second:?}");

    let mut third = None;
    let expired = async || {
        third = subject.lock("a", LONG).await;
        third.is_some()
    };
    subject.until("the lock ends", expired).await;
    assert!(third > Some(second), "{second:?} {third:?}");
}

pub(crate) async fn whoever_comes_late_changes_nothing(subject: Subject) {
    subject.put("a", "old", LONG).await;
    let late = subject.lock("a", SHORT).await.unwrap();
    let mut newest = None;
    let expired = async || {
        newest = subject.lock("a", LONG).await;
        newest.is_some()
    };
    subject.until("the lock ends", expired).await;
    let newest = newest.unwrap();

    // Before the newer holder has written anything, too.
    assert!(!subject.replace("a", "late", late).await);
    subject.store.unlock("a", late).await.unwrap();
    assert_eq!(subject.lock("a", LONG).await, None, "the lock is still the newer holder's");

    assert!(subject.replace("a", "new", newest).await);
    assert!(!subject.replace("a", "late", late).await);
    assert_eq!(subject.get("a").await.as_deref(), Some(&b"new"[..]));

    subject.store.unlock("a", newest).await.unwrap();
    assert!(subject.replace("a", "newer", newest).await, "nobody has had the lock since");
    assert_eq!(subject.get("a").await.as_deref(), Some(&b"newer"[..]));
}

pub(crate) async fn nothing_is_replaced_that_is_not_there_or_not_locked(subject: Subject) {
    let fence = subject.lock("a", LONG).await.unwrap();
    assert!(!subject.replace("a", "value", fence).await, "there is none");
    subject.put("a", "value", LONG).await;
    subject.store.remove("a").await.unwrap();
    assert!(!subject.replace("a", "value", fence).await, "it has been removed");
    assert_eq!(subject.get("a").await, None);

    subject.put("b", "value", LONG).await;
    for fence in [fence, Fence::new(0), Fence::new(u64::MAX)] {
        assert!(!subject.replace("b", "other", fence).await, "{fence:?} is not of this key");
    }
    assert_eq!(subject.get("b").await.as_deref(), Some(&b"value"[..]));
}

/// They count in one value. Without the lock some would read the same number.
pub(crate) async fn many_at_the_same_time_are_one_after_another(subject: Subject) {
    const TASKS: usize = 16;
    const ROUNDS: usize = 10;
    subject.put("count", "0", LONG).await;
    let subject = Arc::new(subject);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..TASKS {
        let subject = Arc::clone(&subject);
        tasks.spawn(async move {
            for _ in 0..ROUNDS {
                let fence = loop {
                    match subject.lock("count", LONG).await {
                        Some(fence) => break fence,
                        None => tokio::task::yield_now().await,
                    }
                };
                let count = String::from_utf8(subject.get("count").await.unwrap()).unwrap();
                let next = count.parse::<usize>().unwrap() + 1;
                assert!(subject.replace("count", &next.to_string(), fence).await);
                subject.store.unlock("count", fence).await.unwrap();
            }
        });
    }
    tasks.join_all().await;
    let count = subject.get("count").await.unwrap();
    assert_eq!(String::from_utf8(count).unwrap(), (TASKS * ROUNDS).to_string());
}

pub(crate) async fn a_revocation_comes_as_it_was_added(subject: Subject) {
    let (none, start) = subject.store.revoked_since(&Cursor::default()).await.unwrap();
    assert_eq!(none, []);

    let until = SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000);
    let issued_until = SystemTime::UNIX_EPOCH + Duration::from_millis(1_800_000_000_123);
    let session = Revoked::Session("session_01".to_owned());
    let user = Revoked::User { id: "user_01 \"Zoë\"\n".to_owned(), issued_until };
    let added = [session, user].map(|revoked| Revocation { revoked, until });
    for revocation in &added {
        subject.store.revoke(revocation).await.unwrap();
    }
    for cursor in [start, Cursor::default(), Cursor::new("nonsense")] {
        let (list, _) = subject.store.revoked_since(&cursor).await.unwrap();
        assert_eq!(list, added, "since {cursor:?}");
    }
}

pub(crate) async fn whoever_follows_the_revocations_misses_none(subject: Subject) {
    let subject = Arc::new(subject);
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..4 {
        let subject = Arc::clone(&subject);
        writers.spawn(async move {
            for number in 0..300 {
                subject.revoke_session(&format!("{writer}-{number}"), LONG).await;
            }
        });
    }
    let (mut seen, mut cursor) = (BTreeSet::new(), Cursor::default());
    let mut is_over = false;
    while !is_over {
        is_over = writers.try_join_next().is_none() && writers.is_empty();
        let (ids, next) = subject.revoked_since(&cursor).await;
        seen.extend(ids);
        cursor = next;
        tokio::task::yield_now().await;
    }
    assert_eq!(seen.len(), 4 * 300);

    // Whoever comes now finds them all, each once.
    let (all, _) = subject.revoked_since(&Cursor::default()).await;
    assert_eq!(all.len(), 4 * 300);
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), seen);
}

pub(crate) async fn a_revocation_goes_after_its_end_and_not_before(subject: Subject) {
    subject.revoke_session("short", SHORT).await;
    subject.revoke_session("long", LONG).await;
    let (ids, _) = subject.revoked_since(&Cursor::default()).await;
    assert_eq!(ids, ["short", "long"]);

    let gone = async || {
        subject.revoke_session("another", LONG).await;
        let (ids, _) = subject.revoked_since(&Cursor::default()).await;
        assert!(ids.contains(&"long".to_owned()));
        !ids.contains(&"short".to_owned())
    };
    subject.until("it goes", gone).await;
}

/// The tests above as tests of the store that an expression makes.
macro_rules! tests_of {
    ($subject:expr => $($name:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let Some((subject, _server)) = $subject else { return };
                crate::store::$name(subject).await;
            }
        )*
    };
    ($subject:expr) => {
        crate::store::tests_of! { $subject =>
            a_value_is_there_until_it_is_replaced_or_removed
            a_value_is_any_bytes
            a_value_has_its_time
            a_lock_is_held_by_one_until_its_end_or_its_return
            whoever_comes_late_changes_nothing
            nothing_is_replaced_that_is_not_there_or_not_locked
            many_at_the_same_time_are_one_after_another
            a_revocation_comes_as_it_was_added
            whoever_follows_the_revocations_misses_none
            a_revocation_goes_after_its_end_and_not_before
        }
    };
}
pub(crate) use tests_of;
