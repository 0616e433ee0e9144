//! Sessions and users whose tokens are refused though they have not expired.
//!
//! Whoever verifies a token asks a list in memory, which takes no lock. What other instances add to
//! it comes through the store, which is read each second.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use tokio::task::AbortHandle;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::{Cursor, Revocation, Revoked, Store, StoreError};
use crate::clock::Clock;

/// As long as WorkOS lets an access token live at most.
pub(crate) const DEFAULT_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// About 15 MB.
pub(crate) const DEFAULT_LIMIT: usize = 100_000;

/// A sign-out is seen by other instances after this and the time of one reading: within 2 seconds.
const POLL: Duration = Duration::from_secs(1);

/// The first reading has all there is.
const READING: Duration = Duration::from_secs(10);

/// The revocations that this instance knows of. What still counts is never forgotten: when the list
/// is full, one more is an error.
pub(crate) struct Revocations {
    list: ArcSwap<List>,
    /// Of the list, so that nobody looks into an empty one.
    len: AtomicUsize,
    generation: AtomicU64,
    /// Held by who changes the list.
    turn: Mutex<()>,
    /// What the store has not taken yet.
    unsent: Mutex<Vec<Revocation>>,
    limit: usize,
    lifetime: Duration,
    clock: Arc<dyn Clock>,
}

#[derive(Clone, Default)]
struct List {
    /// Until when.
    sessions: HashMap<Arc<str>, SystemTime>,
    users: HashMap<Arc<str>, User>,
}

#[derive(Clone, Copy)]
struct User {
    issued_until: SystemTime,
    until: SystemTime,
}

/// So many revocations have not been taken, because the list is full.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the list of revocations is full: it has {limit} that still count, and {refused} more are not \
     known here; raise its limit, or lower the maximum lifetime of tokens"
)]
pub(crate) struct Full {
    limit: usize,
    refused: usize,
}

impl Revocations {
    /// `lifetime` is how long a token can live; a revocation is remembered for as long.
    pub(crate) fn new(clock: Arc<dyn Clock>, lifetime: Duration, limit: usize) -> Self {
        Self {
            list: ArcSwap::default(),
            len: AtomicUsize::new(0),
            generation: AtomicU64::new(0),
            turn: Mutex::new(()),
            unsent: Mutex::default(),
            limit,
            lifetime,
            clock,
        }
    }

    /// Grows whenever tokens that were good may be so no more.
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Whether a token is of a session or a user that has been revoked. One that does not say when
    /// it was issued may have been at any time.
    pub(crate) fn has(
        &self,
        session: Option<&str>,
        user: &str,
        issued_at: Option<SystemTime>,
    ) -> bool {
        if self.len.load(Ordering::Acquire) == 0 {
            return false;
        }
        let list = self.list.load();
        let user = list.users.get(user);
        session.is_some_and(|session| list.sessions.contains_key(session))
            || user.is_some_and(|user| issued_at.is_none_or(|at| at <= user.issued_until))
    }

    /// Revokes a session, here and for all instances that share the store.
    ///
    /// # Errors
    /// If this instance has no room for it, or others do not hear of it yet: they do when the store
    /// is back.
    pub(crate) async fn revoke_session(
        &self,
        id: &str,
        store: Option<&dyn Store>,
    ) -> Result<(), StoreError> {
        self.revoke(Revoked::Session(id.to_owned()), store).await
    }

    /// Revokes all that a user has got so far, as `revoke_session` does.
    ///
    /// # Errors
    /// As there.
    pub(crate) async fn revoke_user(
        &self,
        id: &str,
        store: Option<&dyn Store>,
    ) -> Result<(), StoreError> {
        let issued_until = self.clock.now();
        self.revoke(Revoked::User { id: id.to_owned(), issued_until }, store).await
    }

    async fn revoke(&self, revoked: Revoked, store: Option<&dyn Store>) -> Result<(), StoreError> {
        let revocation = Revocation { revoked, until: self.clock.now() + self.lifetime };
        let here = self.add(std::slice::from_ref(&revocation));
        if let Some(store) = store {
            // Before anything is waited for: whoever asks may go away meanwhile.
            match self.keep_unsent(&revocation) {
                true => self.send(store).await?,
                false => store.revoke(&revocation).await?,
            }
        }
        here.map_err(|full| {
            tracing::error!("{full}");
            StoreError::new(full)
        })
    }

    /// `false` if there is no room.
    fn keep_unsent(&self, revocation: &Revocation) -> bool {
        let (now, mut unsent) = (self.clock.now(), self.unsent());
        unsent.retain(|known| now < known.until);
        let has_room = unsent.len() < self.limit;
        if has_room {
            unsent.push(revocation.clone());
        }
        has_room
    }

    /// Tells the store what it has not heard yet.
    async fn send(&self, store: &dyn Store) -> Result<(), StoreError> {
        loop {
            let next = self.unsent().first().cloned();
            let Some(revocation) = next else { return Ok(()) };
            store.revoke(&revocation).await?;
            self.unsent().retain(|known| *known != revocation);
        }
    }

    fn unsent(&self) -> MutexGuard<'_, Vec<Revocation>> {
        self.unsent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds what is new and still counts.
    pub(crate) fn add(&self, revocations: &[Revocation]) -> Result<(), Full> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let (now, list) = (self.clock.now(), self.list.load());
        let is_new = |revocation: &&Revocation| now < revocation.until && !list.covers(revocation);
        let mut new = revocations.iter().filter(is_new).peekable();
        if new.peek().is_none() {
            return Ok(());
        }
        let mut next = list.counting(now);
        let (mut taken, mut refused) = (0, 0);
        for revocation in new {
            if next.len() < self.limit || next.has_place_for(revocation) {
                next.insert(revocation);
                taken += 1;
            } else {
                refused += 1;
            }
        }
        if taken > 0 {
            self.replace(next);
            self.generation.fetch_add(1, Ordering::Release);
        }
        if refused == 0 { Ok(()) } else { Err(Full { limit: self.limit, refused }) }
    }

    fn drop_expired(&self) {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let (now, list) = (self.clock.now(), self.list.load());
        if list.ends().any(|end| end <= now) {
            self.replace(list.counting(now));
        }
    }

    /// A reader who sees the new length sees the new list.
    fn replace(&self, list: List) {
        let len = list.len();
        self.list.store(Arc::new(list));
        self.len.store(len, Ordering::Release);
    }
}

impl List {
    fn len(&self) -> usize {
        self.sessions.len() + self.users.len()
    }

    fn ends(&self) -> impl Iterator<Item = SystemTime> {
        let users = self.users.values().map(|user| user.until);
        self.sessions.values().copied().chain(users)
    }

    fn counting(&self, now: SystemTime) -> Self {
        let mut list = self.clone();
        list.sessions.retain(|_, until| now < *until);
        list.users.retain(|_, user| now < user.until);
        list
    }

    fn has_place_for(&self, revocation: &Revocation) -> bool {
        match &revocation.revoked {
            Revoked::Session(id) => self.sessions.contains_key(&**id),
            Revoked::User { id, .. } => self.users.contains_key(&**id),
        }
    }

    /// Whether nothing would change.
    fn covers(&self, revocation: &Revocation) -> bool {
        match &revocation.revoked {
            Revoked::Session(id) => {
                self.sessions.get(&**id).is_some_and(|until| revocation.until <= *until)
            }
            Revoked::User { id, issued_until } => self.users.get(&**id).is_some_and(|user| {
                *issued_until <= user.issued_until && revocation.until <= user.until
            }),
        }
    }

    fn insert(&mut self, revocation: &Revocation) {
        let until = revocation.until;
        match &revocation.revoked {
            Revoked::Session(id) => {
                let known = self.sessions.entry(id.as_str().into()).or_insert(until);
                *known = until.max(*known);
            }
            Revoked::User { id, issued_until } => {
                let new = User { issued_until: *issued_until, until };
                let known = self.users.entry(id.as_str().into()).or_insert(new);
                known.issued_until = new.issued_until.max(known.issued_until);
                known.until = new.until.max(known.until);
            }
        }
    }
}

/// Brings the revocations of all instances into this one's list.
pub(crate) struct Follower {
    revocations: Arc<Revocations>,
    store: Arc<dyn Store>,
    cursor: Cursor,
    is_behind: bool,
}

/// Ends with its drop.
pub(crate) struct Following(AbortHandle);

impl Follower {
    pub(crate) fn new(revocations: Arc<Revocations>, store: Arc<dyn Store>) -> Self {
        Self { revocations, store, cursor: Cursor::default(), is_behind: false }
    }

    /// Tells what the store has missed, and reads what is new: once before the first request, so that a new instance accepts nothing that
    /// the others refuse.
    ///
    /// # Errors
    /// If the store cannot be used, or the list is full.
    pub(crate) async fn catch_up(&mut self) -> Result<(), StoreError> {
        self.revocations.send(&*self.store).await?;
        let read = timeout(READING, self.store.revoked_since(&self.cursor)).await;
        let (new, cursor) = read.map_err(|_| {
            StoreError::new(format_args!("revocations could not be read within {READING:?}"))
        })??;
        // What has found no room is read again.
        self.revocations.add(&new).map_err(StoreError::new)?;
        self.cursor = cursor;
        Ok(())
    }

    /// Reads each second from now on. While the store is away, what is known goes on to count.
    pub(crate) fn follow(mut self) -> Following {
        let task = tokio::spawn(async move {
            let mut ticks = interval(POLL);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                let outcome = self.catch_up().await;
                self.tell(outcome);
                self.revocations.drop_expired();
            }
        });
        Following(task.abort_handle())
    }

    fn tell(&mut self, outcome: Result<(), StoreError>) {
        let was_behind = std::mem::replace(&mut self.is_behind, outcome.is_err());
        match outcome {
            Err(error) if !was_behind => tracing::error!(
                %error,
                "revocations by other instances are not seen; those that are known go on to count"
            ),
            Ok(()) if was_behind => tracing::info!("revocations by other instances are seen again"),
            _ => {}
        }
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::super::test_clock::{START, TestClock};
    use super::super::{Fence, MemoryStore, StoreFuture};
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
    fn the_generation_grows_with_what_is_new_and_counts() {
        let (revocations, clock) = list(10);
        let steps: [(&[Revocation], u64); 8] = [
            (&[], 0),
            (&[session("s", 60)], 1),
            (&[session("s", 60), session("s", 30)], 1),
            (&[session("s", 90), user("u", 0, 60)], 2),
            (&[user("u", -1, 60)], 2),
            (&[user("u", 1, 60)], 3),
            (&[session("over", 0), user("over", -9, -1)], 3),
            (&[session("t", 60), session("v", 60)], 4),
        ];
        for (added, expected) in steps {
            revocations.add(added).unwrap();
            assert_eq!(revocations.generation(), expected, "{added:?}");
        }
        clock.advance(HOUR);
        revocations.drop_expired();
        assert_eq!(revocations.generation(), 4, "what expires makes no token worse");
    }

    #[test]
    fn a_full_list_forgets_nothing_that_counts() {
        let (revocations, clock) = list(2);
        revocations.add(&[session("a", 60), user("b", 0, 120)]).unwrap();
        let full = revocations.add(&[session("c", 180), session("d", 180)]);
        assert_eq!(full, Err(Full { limit: 2, refused: 2 }));
        assert_eq!(revocations.generation(), 1);
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

    /// Readers on other threads see a revocation as soon as they see the generation.
    #[test]
    fn who_sees_the_generation_sees_the_revocation() {
        let (revocations, _) = list(1_000);
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                for number in 0..500 {
                    revocations.add(&[session(number, 60)]).unwrap();
                }
            });
            while !writer.is_finished() {
                let seen = revocations.generation();
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
        fn put<'a>(&'a self, _: &'a str, _: &'a [u8], _: Duration) -> StoreFuture<'a, ()> {
            unimplemented!()
        }

        fn get<'a>(&'a self, _: &'a str) -> StoreFuture<'a, Option<Vec<u8>>> {
            unimplemented!()
        }

        fn replace<'a>(
            &'a self,
            _: &'a str,
            _: &'a [u8],
            _: Duration,
            _: Fence,
        ) -> StoreFuture<'a, bool> {
            unimplemented!()
        }

        fn remove<'a>(&'a self, _: &'a str) -> StoreFuture<'a, ()> {
            unimplemented!()
        }

        fn lock<'a>(&'a self, _: &'a str, _: Duration) -> StoreFuture<'a, Option<Fence>> {
            unimplemented!()
        }

        fn unlock<'a>(&'a self, _: &'a str, _: Fence) -> StoreFuture<'a, ()> {
            unimplemented!()
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
        assert_eq!(other.generation(), 2, "one reading, one generation");

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
        assert_eq!(other.generation(), 1);
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
}
