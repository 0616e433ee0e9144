//! Time that stands still until a test moves it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crate::clock::Clock;

/// A clock that moves only when it is told to. It starts at the present, to the second; clones show
/// the same time.
///
/// ```
/// use std::time::Duration;
///
/// use auth_core::Clock;
/// use auth_core::testing::TestClock;
///
/// let clock = TestClock::new();
/// let before = clock.now();
/// clock.advance(Duration::from_secs(300));
/// assert_eq!(clock.now(), before + Duration::from_secs(300));
///
/// // Somebody sets the clock of the machine; when keys are fetched does not hang on that.
/// clock.set(before);
/// assert_eq!((clock.now(), clock.monotonic()), (before, Duration::from_secs(300)));
/// ```
#[derive(Clone, Debug)]
pub struct TestClock(Arc<Mutex<Times>>);

#[derive(Debug)]
struct Times {
    now: SystemTime,
    monotonic: Duration,
}

impl TestClock {
    /// A clock of its own.
    #[must_use]
    pub fn new() -> Self {
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let seconds = Duration::from_secs(since_1970.unwrap_or_default().as_secs());
        let now = SystemTime::UNIX_EPOCH + seconds;
        Self(Arc::new(Mutex::new(Times { now, monotonic: Duration::ZERO })))
    }

    /// Lets time pass.
    pub fn advance(&self, time: Duration) {
        let mut times = self.times();
        times.now += time;
        times.monotonic += time;
    }

    /// Sets the time of day, as somebody does who corrects a clock. No time passes.
    pub fn set(&self, now: SystemTime) {
        self.times().now = now;
    }

    fn times(&self) -> MutexGuard<'_, Times> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        self.times().now
    }

    fn monotonic(&self) -> Duration {
        self.times().monotonic
    }
}
