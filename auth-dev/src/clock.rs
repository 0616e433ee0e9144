//! The time as the server tells it, which can be set apart from the machine's.

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use crate::lock::lock;

/// The last second of the year 9999, from 1970 on. RFC 3339 can write no later one.
const LAST: Duration = Duration::from_secs(253_402_300_799);

#[derive(Default)]
pub(crate) struct Clock(Mutex<Offset>);

#[derive(Clone, Copy)]
enum Offset {
    Ahead(Duration),
    Behind(Duration),
    /// It stands still.
    At(SystemTime),
}

impl Default for Offset {
    fn default() -> Self {
        Self::Ahead(Duration::ZERO)
    }
}

impl Clock {
    pub(crate) fn now(&self) -> SystemTime {
        let now = SystemTime::now();
        let told = match *lock(&self.0) {
            Offset::Ahead(by) => now.checked_add(by),
            Offset::Behind(by) => now.checked_sub(by),
            Offset::At(time) => Some(time),
        };
        told.unwrap_or(now)
    }

    /// Sets it to the time, or the one nearest to it that can be written.
    pub(crate) fn set(&self, time: SystemTime) {
        *lock(&self.0) = match writable(time).duration_since(SystemTime::now()) {
            Ok(ahead) => Offset::Ahead(ahead),
            Err(behind) => Offset::Behind(behind.duration()),
        };
    }

    /// The same, and lets it stand still.
    pub(crate) fn stop(&self, time: SystemTime) {
        *lock(&self.0) = Offset::At(writable(time));
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.set(self.after(by).unwrap_or_else(last));
    }

    /// The time when so much has passed, if it can be written.
    pub(crate) fn after(&self, by: Duration) -> Option<SystemTime> {
        self.now().checked_add(by).filter(|time| writable(*time) == *time)
    }

    /// Seconds since 1970, as tokens have it.
    pub(crate) fn seconds(&self) -> u64 {
        seconds(self.now())
    }
}

pub(crate) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

fn writable(time: SystemTime) -> SystemTime {
    time.clamp(SystemTime::UNIX_EPOCH, last())
}

fn last() -> SystemTime {
    SystemTime::UNIX_EPOCH.checked_add(LAST).unwrap_or(SystemTime::UNIX_EPOCH)
}

/// As the API writes times.
pub(crate) fn rfc3339(time: SystemTime) -> String {
    humantime::format_rfc3339_millis(writable(time)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_cannot_be_written_becomes_the_nearest_that_can() {
        let far = Duration::from_secs(u64::MAX / 4);
        for (time, expected) in [
            (SystemTime::UNIX_EPOCH - Duration::from_secs(1), "1970-01-01T00:00:00.000Z"),
            (SystemTime::UNIX_EPOCH + LAST, "9999-12-31T23:59:59.000Z"),
            (SystemTime::UNIX_EPOCH + LAST + Duration::from_secs(1), "9999-12-31T23:59:59.000Z"),
            (SystemTime::UNIX_EPOCH + far, "9999-12-31T23:59:59.000Z"),
        ] {
            assert_eq!(rfc3339(time), expected);
        }
    }
}
