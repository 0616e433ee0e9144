//! When a key set is fetched: a pure function of what has happened and the time.
//!
//! All times are on the monotonic clock, so that nobody who sets the time of day can start a storm
//! of fetches or keep a withdrawn key alive.

use std::time::Duration;

/// How long a set is fresh when its server does not say, and the limits to what it may say.
const FRESH: Duration = Duration::from_secs(10 * 60);
const FRESH_MIN: Duration = Duration::from_secs(60);
const FRESH_MAX: Duration = Duration::from_secs(60 * 60);

/// How long a set is used after that while its server fails. A key that was withdrawn meanwhile
/// lives as long.
const STALE: Duration = Duration::from_secs(60 * 60);

/// The least time between two fetches that strangers can cause with unknown `kid`s.
const COOLDOWN: Duration = Duration::from_secs(30);

const BACKOFF_MIN: Duration = Duration::from_secs(1);
const BACKOFF_MAX: Duration = Duration::from_secs(60);

/// What has happened to a key set so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Schedule {
    loaded: Option<Loaded>,
    /// The end of the last fetch, whether it succeeded or not.
    last_fetch: Option<Duration>,
    failures_in_a_row: u32,
}

#[derive(Clone, Copy, Debug)]
struct Loaded {
    at: Duration,
    fresh_for: Duration,
}

/// What to do about a token's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Advice {
    /// The answer of the set that is there stands, be it a key or none.
    Use,
    /// Use the set that is there, and fetch a newer one beside.
    UseAndFetch,
    /// Wait for a newer set.
    Fetch,
    /// No answer can be had before this time has passed.
    Unavailable { retry_after: Duration },
}

impl Schedule {
    pub(super) fn succeeded(self, now: Duration, max_age: Option<Duration>) -> Self {
        let fresh_for = max_age.map_or(FRESH, |age| age.clamp(FRESH_MIN, FRESH_MAX));
        Self {
            loaded: Some(Loaded { at: now, fresh_for }),
            last_fetch: Some(now),
            failures_in_a_row: 0,
        }
    }

    pub(super) fn failed(self, now: Duration) -> Self {
        Self {
            last_fetch: Some(now),
            failures_in_a_row: self.failures_in_a_row.saturating_add(1),
            ..self
        }
    }

    pub(super) fn is_loaded(self) -> bool {
        self.loaded.is_some()
    }

    /// What to do for a token whose key is `known`, that is, has its answer in the set there is.
    pub(super) fn advice(self, now: Duration, known: bool) -> Advice {
        let may_retry = self.since_last_fetch(now) >= self.backoff();
        let Some(age) = self.usable_age(now) else {
            return if may_retry {
                Advice::Fetch
            } else {
                self.unavailable(now, self.backoff())
            };
        };
        if known {
            return if age.ripe && may_retry {
                Advice::UseAndFetch
            } else {
                Advice::Use
            };
        }
        if self.since_last_fetch(now) >= COOLDOWN.max(self.backoff()) {
            Advice::Fetch
        } else if self.failures_in_a_row > 0 {
            self.unavailable(now, COOLDOWN.max(self.backoff()))
        } else {
            Advice::Use
        }
    }

    /// Whether the set is due for a newer one, or `None` if there is none that may be used.
    fn usable_age(self, now: Duration) -> Option<Age> {
        let loaded = self.loaded?;
        let age = now.saturating_sub(loaded.at);
        // A fifth before the end, so that the newer set is there before the old one has aged.
        let ripe = age >= loaded.fresh_for * 4 / 5;
        (age < loaded.fresh_for + STALE).then_some(Age { ripe })
    }

    fn since_last_fetch(self, now: Duration) -> Duration {
        self.last_fetch
            .map_or(Duration::MAX, |last| now.saturating_sub(last))
    }

    fn backoff(self) -> Duration {
        match self.failures_in_a_row {
            0 => Duration::ZERO,
            failures => (BACKOFF_MIN * 2u32.pow((failures - 1).min(6))).min(BACKOFF_MAX),
        }
    }

    fn unavailable(self, now: Duration, wait: Duration) -> Advice {
        Advice::Unavailable {
            retry_after: wait.saturating_sub(self.since_last_fetch(now)),
        }
    }
}

struct Age {
    ripe: bool,
}

#[cfg(test)]
mod tests {
    use super::Advice::{Fetch, Unavailable, Use, UseAndFetch};
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn unavailable(retry_after: u64) -> Advice {
        Unavailable {
            retry_after: seconds(retry_after),
        }
    }

    #[test]
    fn a_set_that_never_loaded_is_fetched_with_growing_pauses() {
        let mut schedule = Schedule::default();
        assert_eq!(schedule.advice(seconds(0), false), Fetch);

        let mut now = seconds(0);
        for pause in [1, 2, 4, 8, 16, 32, 60, 60] {
            schedule = schedule.failed(now);
            assert_eq!(schedule.advice(now, false), unavailable(pause));
            now += seconds(pause);
            assert_eq!(schedule.advice(now - seconds(1), false), unavailable(1));
            assert_eq!(schedule.advice(now, false), Fetch);
        }
    }

    #[test]
    fn a_known_key_is_used_while_the_set_is_renewed_beside() {
        let schedule = Schedule::default().succeeded(seconds(0), None);
        for (now, expected) in [
            (0, Use),
            (479, Use),
            (480, UseAndFetch),
            (600 + 3599, UseAndFetch),
            (600 + 3600, Fetch),
        ] {
            assert_eq!(schedule.advice(seconds(now), true), expected, "at {now}");
        }
    }

    #[test]
    fn while_the_server_fails_a_known_key_is_used_until_it_is_too_old() {
        let schedule = Schedule::default()
            .succeeded(seconds(0), None)
            .failed(seconds(480));
        assert_eq!(schedule.advice(seconds(480), true), Use);
        assert_eq!(schedule.advice(seconds(481), true), UseAndFetch);

        let schedule = schedule.failed(seconds(4199));
        assert_eq!(schedule.advice(seconds(4199), true), Use);
        assert_eq!(schedule.advice(seconds(4200), true), unavailable(1));
    }

    #[test]
    fn unknown_keys_cause_one_fetch_in_thirty_seconds() {
        let loaded = Schedule::default().succeeded(seconds(100), None);
        for (now, expected) in [(100, Use), (129, Use), (130, Fetch)] {
            assert_eq!(loaded.advice(seconds(now), false), expected, "at {now}");
        }
        let failed = loaded.failed(seconds(130));
        for (now, expected) in [(130, unavailable(30)), (159, unavailable(1)), (160, Fetch)] {
            assert_eq!(failed.advice(seconds(now), false), expected, "at {now}");
        }
    }

    #[test]
    fn the_server_says_how_long_within_limits() {
        for (max_age, renewed_at) in [(0, 48), (100, 80), (86_400, 2880)] {
            let schedule = Schedule::default().succeeded(seconds(0), Some(seconds(max_age)));
            assert_eq!(
                schedule.advice(seconds(renewed_at - 1), true),
                Use,
                "{max_age}"
            );
            assert_eq!(
                schedule.advice(seconds(renewed_at), true),
                UseAndFetch,
                "{max_age}"
            );
        }
    }
}
