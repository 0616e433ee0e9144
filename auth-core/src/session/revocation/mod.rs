//! Sessions and users whose tokens are refused though they have not expired.
//!
//! Whoever verifies a token asks a list in memory, which takes no lock. What other instances add to
//! it comes through the store, which is read each second.

mod follower;
mod list;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;

use super::{Revocation, Revoked, Store, StoreError};
use crate::clock::Clock;
pub(crate) use follower::{Follower, Following};
use list::List;

/// As long as WorkOS lets an access token live at most.
pub(crate) const DEFAULT_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// About 15 MB.
pub(crate) const DEFAULT_LIMIT: usize = 100_000;

/// The revocations that this instance knows of. What still counts is never forgotten: when the list
/// is full, one more is an error.
pub(crate) struct Revocations {
    list: ArcSwap<List>,
    /// Of the list, so that nobody looks into an empty one.
    len: AtomicUsize,
    /// Held by who changes the list.
    turn: Mutex<()>,
    /// What the store has not taken yet.
    unsent: Mutex<Vec<Revocation>>,
    limit: usize,
    lifetime: Duration,
    clock: Arc<dyn Clock>,
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
            turn: Mutex::new(()),
            unsent: Mutex::default(),
            limit,
            lifetime,
            clock,
        }
    }

    /// Whether nothing is revoked.
    pub(crate) fn is_empty(&self) -> bool {
        self.len.load(Ordering::Acquire) == 0
    }

    /// Whether a token is of a session or a user that has been revoked.
    pub(crate) fn has(
        &self,
        session: Option<&str>,
        user: &str,
        issued_at: Option<SystemTime>,
    ) -> bool {
        !self.is_empty() && self.list.load().has(session, user, issued_at)
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
