//! Time, as an argument.

use std::time::{Duration, Instant, SystemTime};

/// What time it is. Services use [`SystemClock`]; tests move their own.
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use auth_core::{Auth, Clock, SystemClock};
///
/// /// As this machine's clock will be tomorrow.
/// struct Tomorrow(SystemClock);
///
/// impl Clock for Tomorrow {
///     fn now(&self) -> SystemTime {
///         self.0.now() + Duration::from_secs(24 * 3600)
///     }
///
///     fn monotonic(&self) -> Duration {
///         self.0.monotonic()
///     }
/// }
///
/// let builder = Auth::workos("client_01ABCDEFGHJKMNPQRS").clock(Tomorrow(SystemClock::default()));
/// # let _ = builder;
/// ```
pub trait Clock: Send + Sync + 'static {
    /// The time of day, which decides about `exp`, `nbf` and `iat`.
    fn now(&self) -> SystemTime;

    /// Time since an arbitrary start that no correction of the time of day moves. It decides when
    /// a key set is fetched again.
    fn monotonic(&self) -> Duration;
}

/// The clock of the machine; [`Clock`] has an example.
#[derive(Clone, Debug)]
pub struct SystemClock {
    start: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self { start: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn monotonic(&self) -> Duration {
        self.start.elapsed()
    }
}
