//! One refresh of a session among all instances that share a store.
//!
//! Whoever has the lock asks WorkOS and leaves in the store what the session has become; the others
//! wait for that. Without the store nobody asks: two instances with one refresh token would end the
//! session, and tokens that are still good go on meanwhile.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::kept::{Session, hashed};
use super::refresh::{KEPT_FOR, Outcome, UNCLAIMED_FOR};
use super::{Fence, Inner, SessionData, Store, StoreError};

/// More than a call to WorkOS and those to the store take, so that a lock ends early only if its holder
/// has died.
const LOCK_LIFE: Duration = Duration::from_secs(10);

/// As long as a dead holder's lock, and then some.
const PATIENCE: Duration = Duration::from_secs(12);

/// Between two looks at what another instance has got.
const PAUSE: Duration = Duration::from_millis(50);

/// WorkOS may refuse a second refresh before the result of the first is in the store.
const SECOND_LOOK: Duration = Duration::from_secs(1);

/// Between two tries to leave a result with a store that is away.
const AGAIN: Duration = Duration::from_millis(250);

/// A refresh of one instance, with its place among those of the others.
pub(super) struct Turn {
    inner: Arc<Inner>,
    store: Arc<dyn Store>,
    place: Place,
    before: SessionData,
}

/// Where instances find what a session has become.
enum Place {
    /// Under the refresh token that was used up, for requests that still bear the old cookie.
    OfToken(String),
    /// Where the session is.
    OfSession(String),
}

impl Turn {
    pub(super) fn new(inner: Arc<Inner>, store: Arc<dyn Store>, session: Session) -> Self {
        let place = match &session.handle {
            Some(handle) => Place::OfSession(handle.key()),
            None => Place::OfToken(format!("refreshed:{}", hashed(&session.data.refresh_token))),
        };
        Self { inner, store, place, before: session.data }
    }

    pub(super) async fn outcome(self) -> Outcome {
        let outcome = match self.lock().await {
            Ok(Locked::ByUs(fence)) => self.with_lock(fence).await,
            Ok(Locked::NoMore(outcome)) => return outcome,
            Err(error) => Err(error),
        };
        outcome.unwrap_or_else(|error| Outcome::Unavailable(error.to_string().into()))
    }

    fn key(&self) -> &str {
        let (Place::OfToken(key) | Place::OfSession(key)) = &self.place;
        key
    }

    /// Waits for the lock, or for what its holder has got.
    async fn lock(&self) -> Result<Locked, StoreError> {
        let give_up_at = Instant::now() + PATIENCE;
        loop {
            if let Some(outcome) = self.known().await? {
                return Ok(Locked::NoMore(outcome));
            }
            if let Some(fence) = self.store.lock(self.key(), LOCK_LIFE).await? {
                return Ok(Locked::ByUs(fence));
            }
            if Instant::now() >= give_up_at {
                return Err(StoreError::new("another instance refreshes it, and does not end"));
            }
            sleep(PAUSE).await;
        }
    }

    async fn with_lock(self, fence: Fence) -> Result<Outcome, StoreError> {
        // The last holder may have ended between the look and the lock.
        if let Some(known) = self.known().await? {
            self.unlock(fence).await;
            return Ok(known);
        }
        match self.inner.refreshed(&self.before).await {
            Outcome::Refreshed(newer) => Ok(self.leave(newer, fence).await),
            // Without the lock, which who has been quicker may need to say so.
            Outcome::Ended(why) => {
                self.unlock(fence).await;
                if let Some(known) = self.known_soon().await? {
                    return Ok(known);
                }
                if let Place::OfSession(key) = &self.place {
                    self.store.remove(key).await?;
                }
                Ok(Outcome::Ended(why))
            }
            Outcome::Unavailable(why) => {
                self.unlock(fence).await;
                Ok(Outcome::Unavailable(why))
            }
        }
    }

    /// What has been made of the session already.
    async fn known(&self) -> Result<Option<Outcome>, StoreError> {
        let found = self.inner.stored(&*self.store, self.key()).await?;
        Ok(match (found, &self.place) {
            (Some(data), _) if data.refresh_token != self.before.refresh_token => {
                Some(Outcome::Refreshed(data.into()))
            }
            (None, Place::OfSession(_)) => Some(Outcome::Ended("it has been signed out")),
            _ => None,
        })
    }

    /// The same, from somebody who has been quicker at WorkOS and not yet here.
    async fn known_soon(&self) -> Result<Option<Outcome>, StoreError> {
        let give_up_at = Instant::now() + SECOND_LOOK;
        loop {
            let known = self.known().await?;
            if known.is_some() || Instant::now() >= give_up_at {
                return Ok(known);
            }
            sleep(PAUSE).await;
        }
    }

    /// Leaves what the session has become for the others. WorkOS gives it only once, so a store that
    /// is away is told later, and nobody here waits for that.
    async fn leave(self, newer: Arc<SessionData>, fence: Fence) -> Outcome {
        match self.try_to_leave(&newer, fence).await {
            Ok(Left::Done(outcome)) => outcome,
            Ok(Left::Late) | Err(_) => {
                tokio::spawn(self.leave_later(Arc::clone(&newer), fence));
                Outcome::Refreshed(newer)
            }
        }
    }

    async fn leave_later(self, newer: Arc<SessionData>, mut fence: Fence) {
        let give_up_at = Instant::now() + KEPT_FOR;
        loop {
            sleep(AGAIN).await;
            let left = match self.try_to_leave(&newer, fence).await {
                // Nobody has got further with the lock that this one had.
                Ok(Left::Late) => self.store.lock(self.key(), LOCK_LIFE).await.map(|lock| {
                    fence = lock.unwrap_or(fence);
                }),
                Ok(Left::Done(_)) => return,
                Err(error) => Err(error),
            };
            if Instant::now() >= give_up_at {
                let error = left.err().map(|error| error.to_string());
                tracing::error!(error, "other instances do not know what a session has become");
                return;
            }
        }
    }

    async fn try_to_leave(
        &self,
        newer: &Arc<SessionData>,
        fence: Fence,
    ) -> Result<Left, StoreError> {
        let is_left = match &self.place {
            Place::OfToken(key) => {
                let value = self.inner.sealed_for_store(key, newer)?;
                self.store.put(key, value.as_bytes(), UNCLAIMED_FOR).await?;
                true
            }
            Place::OfSession(key) => {
                self.inner.replace_stored(&*self.store, key, newer, fence).await?
            }
        };
        if is_left {
            self.unlock(fence).await;
            return Ok(Left::Done(Outcome::Refreshed(Arc::clone(newer))));
        }
        Ok(self.known().await?.map_or(Left::Late, Left::Done))
    }

    /// A browser has got it, so it is kept only for those that are late.
    pub(super) async fn hand_out(self, newer: Arc<SessionData>) {
        let Place::OfToken(key) = &self.place else { return };
        let Ok(value) = self.inner.sealed_for_store(key, &newer) else { return };
        // If that fails, it is kept for longer.
        let _ = self.store.put(key, value.as_bytes(), KEPT_FOR).await;
    }

    /// The lock ends by itself if this does not come through.
    async fn unlock(&self, fence: Fence) {
        let _ = self.store.unlock(self.key(), fence).await;
    }
}

enum Locked {
    ByUs(Fence),
    /// It is not needed any more.
    NoMore(Outcome),
}

enum Left {
    Done(Outcome),
    /// The lock has ended before.
    Late,
}
