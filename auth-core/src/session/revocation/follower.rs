//! Bringing the revocations of all instances into this one's list.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::AbortHandle;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::super::{Cursor, Store, StoreError};
use super::Revocations;

/// A sign-out is seen by other instances after this and the time of one reading: within 2 seconds.
const POLL: Duration = Duration::from_secs(1);

/// The first reading has all there is.
const READING: Duration = Duration::from_secs(10);

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

    /// Tells what the store has missed, and reads what is new: once before the first request, so that
    /// a new instance accepts nothing that the others refuse.
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

impl Following {
    pub(crate) fn goes_on(&self) -> bool {
        !self.0.is_finished()
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.0.abort();
    }
}
