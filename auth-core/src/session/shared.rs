//! What the instances of a service share: the store, and what is revoked.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, UNIX_EPOCH};

use super::revocation::{DEFAULT_LIFETIME, DEFAULT_LIMIT};
use super::{Follower, Following, Revocations, SessionData, Store, StoreError};
use crate::clock::Clock;
use crate::identity::Identity;

pub(crate) struct Shared {
    revocations: Arc<Revocations>,
    /// None for a service that is one process.
    store: Option<Arc<dyn Store>>,
    following: OnceLock<Following>,
}

impl Shared {
    pub(crate) fn new(clock: Arc<dyn Clock>, store: Option<Arc<dyn Store>>) -> Self {
        let revocations = Revocations::new(clock, DEFAULT_LIFETIME, DEFAULT_LIMIT);
        Self { revocations: Arc::new(revocations), store, following: OnceLock::new() }
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
        self.following.get_or_init(|| follower.follow());
        read
    }

    /// The same without waiting, for a service that does not wait for its keys either.
    pub(crate) fn begin_to_follow(&self) {
        if tokio::runtime::Handle::try_current().is_ok()
            && let Some(follower) = self.follower()
        {
            self.following.get_or_init(|| follower.follow());
        }
    }

    fn follower(&self) -> Option<Follower> {
        let store = self.store.as_ref()?;
        Some(Follower::new(Arc::clone(&self.revocations), Arc::clone(store)))
    }
}
