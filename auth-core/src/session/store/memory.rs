//! A store for a service that is one process.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Cursor, Expiring, FENCE_LIFE, Fence, Revocation, Store, StoreError, StoreFuture};
use crate::clock::{Clock, SystemClock};

const DEFAULT_LIMIT: usize = 100_000;

/// Keeps everything in memory: for one instance, for development and for tests. With the process it
/// is gone.
///
/// There are at most so many values, so many locks and so many revocations: 100,000 of each unless
/// [`limit`](Self::limit) says otherwise. At the limit the value that ends first makes room for a new
/// one, and the lock likewise, whose holder can then write no more. A revocation never makes room; one
/// too many is an error.
///
/// ```
/// use auth_core::SystemClock;
/// use auth_core::session::MemoryStore;
///
/// let store = MemoryStore::new().limit(10_000).clock(SystemClock::default());
/// ```
pub struct MemoryStore {
    clock: Arc<dyn Clock>,
    kept: Mutex<Kept>,
}

struct Kept {
    limit: usize,
    values: Expiring<Vec<u8>>,
    locks: Expiring<Lock>,
    last_fence: u64,
    /// Each with its number, which grows.
    revocations: VecDeque<(u64, Revocation)>,
    last_revocation: u64,
}

struct Lock {
    fence: Fence,
    held_until: Duration,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        let clock = Arc::new(SystemClock::default());
        Self { clock, kept: Mutex::new(Kept::new(DEFAULT_LIMIT)) }
    }

    /// How many values, locks and revocations there can be, of each kind. Empties the store.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.kept = Mutex::new(Kept::new(limit));
        self
    }

    /// Tells time in another way than by this machine's clock.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing has to be waited for.
    fn now<'a, T: Send + 'a>(
        &'a self,
        what: impl FnOnce(&mut Kept, Duration) -> Result<T, StoreError> + Send + 'a,
    ) -> StoreFuture<'a, T> {
        Box::pin(async move { what(&mut self.kept(), self.clock.monotonic()) })
    }
}

impl Kept {
    fn new(limit: usize) -> Self {
        Self {
            limit,
            values: Expiring::new(limit),
            locks: Expiring::new(limit),
            last_fence: 0,
            revocations: VecDeque::new(),
            last_revocation: 0,
        }
    }

    fn lock(&mut self, key: &str, life: Duration, now: Duration) -> Option<Fence> {
        if self.locks.get(key, now).is_some_and(|lock| now < lock.held_until) {
            return None;
        }
        self.last_fence += 1;
        let lock =
            Lock { fence: Fence::new(self.last_fence), held_until: now.saturating_add(life) };
        let (fence, end) = (lock.fence, lock.held_until.saturating_add(FENCE_LIFE));
        self.locks.insert(key, lock, end, now);
        Some(fence)
    }

    fn has_newest(&self, key: &str, fence: Fence, now: Duration) -> bool {
        self.locks.get(key, now).is_some_and(|lock| lock.fence == fence)
    }
}

impl Store for MemoryStore {
    fn is_shared(&self) -> bool {
        false
    }

    fn put<'a>(&'a self, key: &'a str, value: &'a [u8], life: Duration) -> StoreFuture<'a, ()> {
        self.now(move |kept, now| {
            kept.values.insert(key, value.to_vec(), now.saturating_add(life), now);
            Ok(())
        })
    }

    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Vec<u8>>> {
        self.now(move |kept, now| Ok(kept.values.get(key, now).cloned()))
    }

    fn replace<'a>(
        &'a self,
        key: &'a str,
        value: &'a [u8],
        life: Duration,
        fence: Fence,
    ) -> StoreFuture<'a, bool> {
        self.now(move |kept, now| {
            let may = kept.has_newest(key, fence, now) && kept.values.get(key, now).is_some();
            if may {
                kept.values.insert(key, value.to_vec(), now.saturating_add(life), now);
            }
            Ok(may)
        })
    }

    fn remove<'a>(&'a self, key: &'a str) -> StoreFuture<'a, ()> {
        self.now(move |kept, _| {
            kept.values.remove(key);
            Ok(())
        })
    }

    fn lock<'a>(&'a self, key: &'a str, life: Duration) -> StoreFuture<'a, Option<Fence>> {
        self.now(move |kept, now| Ok(kept.lock(key, life, now)))
    }

    fn unlock<'a>(&'a self, key: &'a str, fence: Fence) -> StoreFuture<'a, ()> {
        self.now(move |kept, now| {
            let ours = kept.locks.get_mut(key, now).filter(|lock| lock.fence == fence);
            if let Some(lock) = ours {
                lock.held_until = now;
            }
            Ok(())
        })
    }

    fn revoke<'a>(&'a self, revocation: &'a Revocation) -> StoreFuture<'a, ()> {
        let time = self.clock.now();
        self.now(move |kept, _| {
            kept.revocations.retain(|(_, known)| time < known.until);
            if kept.revocations.len() >= kept.limit {
                let limit = kept.limit;
                return Err(StoreError::new(format!(
                    "the store in memory is full: it has {limit} revocations that still count; raise \
                     `MemoryStore::limit`"
                )));
            }
            kept.last_revocation += 1;
            kept.revocations.push_back((kept.last_revocation, revocation.clone()));
            Ok(())
        })
    }

    fn revoked_since<'a>(
        &'a self,
        cursor: &'a Cursor,
    ) -> StoreFuture<'a, (Vec<Revocation>, Cursor)> {
        let time = self.clock.now();
        self.now(move |kept, _| {
            let seen: u64 = cursor.as_str().parse().unwrap_or(0);
            let newer = kept.revocations.iter().skip_while(|(number, _)| *number <= seen);
            let counting = newer.filter(|(_, revocation)| time < revocation.until);
            let list = counting.map(|(_, revocation)| revocation.clone()).collect();
            Ok((list, Cursor::new(kept.last_revocation.to_string())))
        })
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").finish_non_exhaustive()
    }
}
