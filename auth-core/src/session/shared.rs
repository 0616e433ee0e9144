//! What the instances of a service share: the store, and what is revoked.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use super::revocation::{DEFAULT_LIFETIME, DEFAULT_LIMIT};
use super::{Follower, Following, Revocations, SessionData, Store, StoreError};
use crate::clock::Clock;
use crate::identity::Identity;

pub(crate) struct Shared {
    revocations: Arc<Revocations>,
    /// None for a service that is one process.
    store: Option<Arc<dyn Store>>,
    following: Mutex<Option<Following>>,
}

impl Shared {
    pub(crate) fn new(clock: Arc<dyn Clock>, store: Option<Arc<dyn Store>>) -> Self {
        let revocations = Revocations::new(clock, DEFAULT_LIFETIME, DEFAULT_LIMIT);
        Self { revocations: Arc::new(revocations), store, following: Mutex::default() }
    }

    /// Whether a token is of a session or a user that has been revoked.
    pub(crate) fn refuses(&self, identity: &Identity) -> bool {
        // Nobody looks for the session in the claims as long as none is revoked.
        if self.revocations.is_empty() {
            return false;
        }
        let session = identity.claim::<String>("sid").ok().flatten();
        let issued_at = identity.claim::<u64>("iat").ok().flatten();
        let issued_at = issued_at.map(|seconds| UNIX_EPOCH + Duration::from_secs(seconds));
        self.revocations.has(session.as_deref(), identity.subject(), issued_at)
    }

    pub(crate) async fn revoke_session(&self, id: &str) -> Result<(), StoreError> {
        self.revocations.revoke_session(id, self.store.as_deref()).await
    }

    pub(crate) async fn revoke_user(&self, id: &str) -> Result<(), StoreError> {
        self.revocations.revoke_user(id, self.store.as_deref()).await
    }

    pub(crate) fn store(&self) -> Option<&Arc<dyn Store>> {
        self.store.as_ref()
    }

    /// Whether a session is revoked, or all that its user had when it began.
    pub(crate) fn has_revoked(&self, session: &SessionData) -> bool {
        let began_at = UNIX_EPOCH + Duration::from_secs(session.began_at);
        self.revocations.has(Some(&session.id), &session.user_id, Some(began_at))
    }

    /// Reads what there is, and from now on what comes.
    pub(crate) async fn follow(&self) -> Result<(), StoreError> {
        let Some(mut follower) = self.follower() else { return Ok(()) };
        let read = follower.catch_up().await;
        self.start(follower);
        read
    }

    /// The same without waiting, for a service that does not wait for its keys either.
    pub(crate) fn begin_to_follow(&self) {
        if tokio::runtime::Handle::try_current().is_ok()
            && let Some(follower) = self.follower()
        {
            self.start(follower);
        }
    }

    /// Unless somebody follows already. With the runtime of then, that may have ended.
    fn start(&self, follower: Follower) {
        let mut following = self.following.lock().unwrap_or_else(PoisonError::into_inner);
        if !following.as_ref().is_some_and(Following::goes_on) {
            *following = Some(follower.follow());
        }
    }

    fn follower(&self) -> Option<Follower> {
        let store = self.store.as_ref()?;
        Some(Follower::new(Arc::clone(&self.revocations), Arc::clone(store)))
    }
}

#[cfg(test)]
mod tests {
    use tokio::runtime::{Builder, Runtime};

    use super::super::MemoryStore;
    use super::super::test_clock::TestClock;
    use super::*;

    #[test]
    fn who_is_ready_follows_though_the_runtime_before_has_ended() {
        let clock = Arc::new(TestClock::default());
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let [ours, other] = [(); 2].map(|()| Shared::new(clock.clone(), Some(Arc::clone(&store))));
        let first = Runtime::new().unwrap();
        first.block_on(async { ours.begin_to_follow() });
        drop(first);
        let second = Builder::new_current_thread().enable_time().start_paused(true).build();
        second.unwrap().block_on(async {
            ours.follow().await.unwrap();
            other.revoke_session("s").await.unwrap();
            tokio::time::sleep(Duration::from_secs(2)).await;
            assert!(ours.revocations.has(Some("s"), "", None));
        });
    }
}
