//! A clock that can be put forward.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use auth_core::{Clock, SystemClock};

#[derive(Clone, Default)]
pub(super) struct MovedClock {
    clock: SystemClock,
    seconds_ahead: Arc<AtomicU64>,
}

impl MovedClock {
    /// The time of day stays as it is: tokens are good for as long as they are.
    pub(super) fn forward(&self, seconds: u64) {
        self.seconds_ahead.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Clock for MovedClock {
    fn now(&self) -> SystemTime {
        self.clock.now()
    }

    fn monotonic(&self) -> Duration {
        let ahead = Duration::from_secs(self.seconds_ahead.load(Ordering::Relaxed));
        self.clock.monotonic() + ahead
    }
}
