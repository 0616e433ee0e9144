//! Time for the tests of this module.

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use crate::clock::Clock;

/// Stands still until somebody moves it; clones of the `Arc` show the same time.
#[derive(Default)]
pub(super) struct TestClock(Mutex<Duration>);

/// Where it starts, so that there is a time before.
pub(super) const START: Duration = Duration::from_secs(1_800_000_000);

impl TestClock {
    pub(super) fn advance(&self, time: Duration) {
        *self.0.lock().unwrap() += time;
    }
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + START + *self.0.lock().unwrap()
    }

    fn monotonic(&self) -> Duration {
        *self.0.lock().unwrap()
    }
}
