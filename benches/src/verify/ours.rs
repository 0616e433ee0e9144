//! Our side, with `Auth::authenticate` on the headers of a request.

use anyhow::ensure;
use auth_core::Auth;
use http::HeaderMap;

use super::{Subject, two_threads};
use crate::harness::{Case, Side};
use crate::ours::{self, CACHE, NO_CACHE, accepts, at_once, in_turn};

pub(super) const COLD: &str = "ours, cold";
pub(super) const HOT: &str = "ours, hot";
pub(super) const WALKING: &str = "ours, hot, walking";
pub(super) const TWO_THREADS: &str = "ours, hot, two threads";

/// More than many tokens take.
const ROOM_FOR_MANY: usize = 64 * 1024 * 1024;

pub(super) struct Ours<'a> {
    subject: &'a Subject,
    cold: Auth,
    hot: Auth,
}

impl<'a> Ours<'a> {
    pub(super) fn new(subject: &'a Subject) -> anyhow::Result<Self> {
        let cold = ours::ready(ours::workos(NO_CACHE, &subject.key_set))?;
        let hot = ours::ready(ours::workos(CACHE, &subject.key_set))?;
        subject.try_out(COLD, |headers| accepts(&cold, headers))?;
        subject.try_out(HOT, |headers| accepts(&hot, headers))?;
        Ok(Self { subject, cold, hot })
    }

    pub(super) fn cold(&self) -> Case<'_> {
        let what = "all checks, cache of verified tokens off: what a new token costs";
        Case::timed(COLD, what, Side::Ours, || {
            at_once(self.cold.authenticate(&self.subject.headers))
        })
    }

    pub(super) fn hot(&self) -> Case<'_> {
        let what = "the same token again and again, cache on";
        Case::timed(HOT, what, Side::Ours, || at_once(self.hot.authenticate(&self.subject.headers)))
    }

    /// Each of many tokens in turn. The cache has room for all of them, and has them.
    ///
    /// # Errors
    /// If a token is refused.
    pub(super) fn walking<'b>(&self, many: &'b [HeaderMap]) -> anyhow::Result<Case<'b>> {
        let auth = ours::ready(ours::workos(ROOM_FOR_MANY, &self.subject.key_set))?;
        for headers in many {
            ensure!(accepts(&auth, headers), "one of many tokens is refused");
        }
        let what = format!(
            "{} tokens in turn, all in a cache of {} MiB: mostly what memory takes",
            many.len(),
            ROOM_FOR_MANY / 1024 / 1024,
        );
        Ok(Case::timed(WALKING, what, Side::Ours, in_turn(auth, many)))
    }

    pub(super) fn two_threads(&self) -> Case<'_> {
        let what = "two threads with the same token at the same time: one call of one of them";
        Case::sampled(TWO_THREADS, what, Side::Ours, || {
            two_threads::microseconds(|| at_once(self.hot.authenticate(&self.subject.headers)))
        })
    }
}
