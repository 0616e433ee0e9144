//! The time as the server tells it, which can be set apart from the machine's.

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use crate::lock::lock;

#[derive(Default)]
pub(crate) struct Clock(Mutex<Offset>);

#[derive(Clone, Copy)]
enum Offset {
    Ahead(Duration),
    Behind(Duration),
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
        };
        told.unwrap_or(now)
    }

    pub(crate) fn set(&self, time: SystemTime) {
        *lock(&self.0) = match time.duration_since(SystemTime::now()) {
            Ok(ahead) => Offset::Ahead(ahead),
            Err(behind) => Offset::Behind(behind.duration()),
        };
    }

    pub(crate) fn advance(&self, by: Duration) {
        if let Some(time) = self.now().checked_add(by) {
            self.set(time);
        }
    }

    /// Seconds since 1970, as tokens have it.
    pub(crate) fn seconds(&self) -> u64 {
        seconds(self.now())
    }
}

pub(crate) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// As the API writes times.
pub(crate) fn rfc3339(time: SystemTime) -> String {
    humantime::format_rfc3339_millis(time.max(SystemTime::UNIX_EPOCH)).to_string()
}
