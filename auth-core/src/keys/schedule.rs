//! When a key set is fetched: a pure function of what has happened and the time.
//!
//! All times are on the monotonic clock, so that nobody who sets the time of day can start a storm
//! of fetches or keep a withdrawn key alive.

use std::time::Duration;

/// How long a set is fresh when its server does not say, and the limits to what it may say.
const FRESH: Duration = Duration::from_secs(10 * 60);
const FRESH_MIN: Duration = Duration::from_secs(60);
const FRESH_MAX: Duration = Duration::from_secs(60 * 60);

/// How long a set is used after that while its server fails, by default and at most. A key that was
/// withdrawn meanwhile lives as long.
pub(crate) const STALE: Duration = Duration::from_secs(60 * 60);
pub(crate) const STALE_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// The least time between two fetches that strangers can cause with unknown `kid`s.
const COOLDOWN: Duration = Duration::from_secs(30);

const BACKOFF_MIN: Duration = Duration::from_secs(1);
const BACKOFF_MAX: Duration = Duration::from_secs(60);

/// What has happened to a key set so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    stale_for: Duration,
    loaded: Option<Loaded>,
    /// The end of the last fetch, whether it succeeded or not.
    last_fetch: Option<Duration>,
    failures_in_a_row: u32,
    /// How long to leave a server alone that has just failed.
    pause: Duration,
}

#[derive(Clone, Copy, Debug)]
struct Loaded {
    /// A fifth before its age, so that the newer set is there before this one has aged.
    ripe_at: Duration,
    /// When nobody may use it any more.
    ends_at: Duration,
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
    /// Nothing has happened yet. Once loaded, a set is used for `stale_for` after it has aged.
    pub(super) fn new(stale_for: Duration) -> Self {
        Self {
            stale_for,
            loaded: None,
            last_fetch: None,
            failures_in_a_row: 0,
            pause: Duration::ZERO,
        }
    }

    pub(super) fn succeeded(self, now: Duration, max_age: Option<Duration>) -> Self {
        let fresh_for = max_age.map_or(FRESH, |age| age.clamp(FRESH_MIN, FRESH_MAX));
        Self {
            loaded: Some(Loaded {
                ripe_at: now + fresh_for * 4 / 5,
                ends_at: now + fresh_for + self.stale_for,
            }),
            last_fetch: Some(now),
            ..Self::new(self.stale_for)
        }
    }

    /// `jitter`, from 0 to 1, keeps many instances from coming back at the same time: the pause is
    /// shortened by up to half.
    pub(super) fn failed(self, now: Duration, jitter: f64) -> Self {
        let longest = BACKOFF_MIN * 2u32.pow(self.failures_in_a_row.min(6));
        Self {
            last_fetch: Some(now),
            failures_in_a_row: self.failures_in_a_row.saturating_add(1),
            pause: longest.min(BACKOFF_MAX).mul_f64(1.0 - jitter.clamp(0.0, 1.0) / 2.0),
            ..self
        }
    }

    pub(super) fn is_loaded(self) -> bool {
        self.loaded.is_some()
    }

    /// What to do for a token whose key is `known`, that is, has its answer in the set there is.
    pub(super) fn advice(self, now: Duration, known: bool) -> Advice {
        let since_last_fetch =
            self.last_fetch.map_or(Duration::MAX, |last| now.saturating_sub(last));
        let unavailable = |wait: Duration| Advice::Unavailable {
            retry_after: wait.saturating_sub(since_last_fetch),
        };
        let may_retry = since_last_fetch >= self.pause;
        let Some(usable) = self.loaded.filter(|loaded| now < loaded.ends_at) else {
            return if may_retry { Advice::Fetch } else { unavailable(self.pause) };
        };
        if known {
            let is_ripe = now >= usable.ripe_at;
            return if is_ripe && may_retry { Advice::UseAndFetch } else { Advice::Use };
        }
        let cooldown = COOLDOWN.max(self.pause);
        if since_last_fetch >= cooldown {
            Advice::Fetch
        } else if self.failures_in_a_row > 0 {
            unavailable(cooldown)
        } else {
            Advice::Use
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Advice::{Fetch, Unavailable, Use, UseAndFetch};
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn unavailable(retry_after: u64) -> Advice {
        Unavailable { retry_after: seconds(retry_after) }
    }

    #[test]
    fn a_set_that_never_loaded_is_fetched_with_growing_pauses() {
        let mut schedule = Schedule::new(STALE);
        assert_eq!(schedule.advice(seconds(0), false), Fetch);

        let mut now = seconds(0);
        for pause in [1, 2, 4, 8, 16, 32, 60, 60] {
            schedule = schedule.failed(now, 0.0);
            assert_eq!(schedule.advice(now, false), unavailable(pause));
            now += seconds(pause);
            assert_eq!(schedule.advice(now - seconds(1), false), unavailable(1));
            assert_eq!(schedule.advice(now, false), Fetch);
        }
    }

    #[test]
    fn a_known_key_is_used_while_the_set_is_renewed_beside() {
        let schedule = Schedule::new(STALE).succeeded(seconds(0), None);
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
        let schedule = Schedule::new(STALE).succeeded(seconds(0), None).failed(seconds(480), 0.0);
        assert_eq!(schedule.advice(seconds(480), true), Use);
        assert_eq!(schedule.advice(seconds(481), true), UseAndFetch);

        let schedule = schedule.failed(seconds(4199), 0.0);
        assert_eq!(schedule.advice(seconds(4199), true), Use);
        assert_eq!(schedule.advice(seconds(4200), true), unavailable(1));
    }

    #[test]
    fn unknown_keys_cause_one_fetch_in_thirty_seconds() {
        let loaded = Schedule::new(STALE).succeeded(seconds(100), None);
        for (now, expected) in [(100, Use), (129, Use), (130, Fetch)] {
            assert_eq!(loaded.advice(seconds(now), false), expected, "at {now}");
        }
        let failed = loaded.failed(seconds(130), 0.0);
        for (now, expected) in [(130, unavailable(30)), (159, unavailable(1)), (160, Fetch)] {
            assert_eq!(failed.advice(seconds(now), false), expected, "at {now}");
        }
    }

    #[test]
    fn the_server_says_how_long_within_limits() {
        for (max_age, renewed_at) in [(0, 48), (100, 80), (86_400, 2880)] {
            let schedule = Schedule::new(STALE).succeeded(seconds(0), Some(seconds(max_age)));
            assert_eq!(schedule.advice(seconds(renewed_at - 1), true), Use, "{max_age}");
            assert_eq!(schedule.advice(seconds(renewed_at), true), UseAndFetch, "{max_age}");
        }
    }

    #[test]
    fn jitter_shortens_a_pause_by_half_at_most() {
        for (jitter, pause) in [(0.0, 1000), (0.5, 750), (1.0, 500), (7.0, 500)] {
            let failed = Schedule::new(STALE).failed(seconds(0), jitter);
            let at = |milliseconds| failed.advice(Duration::from_millis(milliseconds), false);
            assert_eq!(at(pause), Fetch, "{jitter}");
            assert_ne!(at(pause - 1), Fetch, "{jitter}");
        }
    }

    /// Every sequence of events up to a length, at every pace: what holds whatever happens.
    #[test]
    fn promises_hold_after_every_sequence_of_events() {
        #[derive(Clone, Copy)]
        enum Event {
            Success,
            Failure,
            Wait(u64),
        }
        use Event::{Failure, Success, Wait};
        let events = [Success, Failure, Wait(1), Wait(29), Wait(600), Wait(3600)];
        let length = 6;
        for sequence in 0..events.len().pow(length) {
            let mut schedule = Schedule::new(STALE);
            let mut now = seconds(0);
            let (mut loaded_at, mut last_fetch, mut failing) = (None, None, false);
            for step in 0..length {
                match events[sequence / events.len().pow(step) % events.len()] {
                    Success => {
                        schedule = schedule.succeeded(now, None);
                        (loaded_at, last_fetch, failing) = (Some(now), Some(now), false);
                    }
                    Failure => {
                        schedule = schedule.failed(now, 1.0);
                        (last_fetch, failing) = (Some(now), true);
                    }
                    Wait(time) => now += seconds(time),
                }
                let (known, unknown) = (schedule.advice(now, true), schedule.advice(now, false));
                let usable = loaded_at.is_some_and(|at| now - at < FRESH + STALE);
                let since_fetch = last_fetch.map(|last| now - last);

                assert_eq!(matches!(known, Use | UseAndFetch), usable, "known keys, if usable");
                if unknown == Use {
                    assert!(usable && !failing, "an unknown key is none after a success only");
                }
                if unknown == Fetch && usable {
                    assert!(since_fetch >= Some(COOLDOWN), "a cooldown for unknown keys");
                }
                if matches!(known, Fetch | UseAndFetch) && failing {
                    assert!(since_fetch >= Some(BACKOFF_MIN / 2), "a pause after a failure");
                }
                if let Unavailable { retry_after } = known {
                    assert!(retry_after > Duration::ZERO, "a time to come again");
                    let again = schedule.advice(now + retry_after, true);
                    assert_eq!(again, Fetch, "which keeps its promise");
                }
            }
        }
    }
}
