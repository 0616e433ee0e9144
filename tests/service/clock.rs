//! Time that stands still until a test moves it.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use auth_core::Clock;

/// The time of day at the start of every test, in seconds since 1970.
pub(crate) const NOW: u64 = 1_800_000_000;

#[derive(Clone)]
pub(crate) struct TestClock(Arc<Mutex<Times>>);

struct Times {
    now: SystemTime,
    monotonic: Duration,
}

impl TestClock {
    pub(crate) fn new() -> Self {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
        Self(Arc::new(Mutex::new(Times { now, monotonic: Duration::from_secs(1) })))
    }

    /// Lets time pass.
    pub(crate) fn advance(&self, seconds: u64) {
        let mut times = self.0.lock().unwrap();
        times.now += Duration::from_secs(seconds);
        times.monotonic += Duration::from_secs(seconds);
    }

    /// Sets the time of day, as somebody who corrects the clock does.
    pub(crate) fn set(&self, seconds_since_1970: u64) {
        self.0.lock().unwrap().now =
            SystemTime::UNIX_EPOCH + Duration::from_secs(seconds_since_1970);
    }
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        self.0.lock().unwrap().now
    }

    fn monotonic(&self) -> Duration {
        self.0.lock().unwrap().monotonic
    }
}
