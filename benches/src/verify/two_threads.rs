//! The same call on two threads at the same time.

use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};

use crate::harness::{time_of_thread, waits_of_thread};

/// How long the two run: less than a turn on a core, so that both can have one all the time.
const TOGETHER: Duration = Duration::from_millis(3);

/// On a busy machine the two may have to take turns on one core, and then do not meet. So often it
/// is tried.
const TRIES: usize = 12;

/// The part of the time that a thread has to have a core for, to have met the other one.
const ALL_THE_TIME: f64 = 0.98;

/// How many microseconds a call takes on average while another thread makes the same.
///
/// # Errors
/// If a thread cannot be timed.
pub(super) fn microseconds<T>(call: impl Fn() -> T + Sync) -> anyhow::Result<f64> {
    let mut best: Option<Run> = None;
    for _ in 0..TRIES {
        let run = both(&call)?;
        if best.as_ref().is_none_or(|best| run.on_core > best.on_core) {
            best = Some(run);
        }
        if best.as_ref().is_some_and(|best| best.on_core >= ALL_THE_TIME) {
            break;
        }
    }
    best.map(|run| run.microseconds).context("nothing was tried")
}

struct Run {
    microseconds: f64,
    /// For which part of the time the thread had a core.
    on_core: f64,
}

fn both<T>(call: impl Fn() -> T + Sync) -> anyhow::Result<Run> {
    let barrier = Barrier::new(2);
    let run = || {
        barrier.wait();
        one(&call)
    };
    thread::scope(|scope| {
        let (one, other) = (scope.spawn(run), scope.spawn(run));
        let one = one.join().map_err(|_| anyhow!("a thread has panicked"))??;
        let other = other.join().map_err(|_| anyhow!("a thread has panicked"))??;
        Ok(Run {
            microseconds: f64::midpoint(one.microseconds, other.microseconds),
            on_core: one.on_core.min(other.on_core),
        })
    })
}

/// Of the thread's own time, unless it has waited for the other one: then of all time.
fn one<T>(call: impl Fn() -> T) -> anyhow::Result<Run> {
    const CALLS_BETWEEN_LOOKS: u32 = 64;
    let (waits, start, start_of_thread) = (waits_of_thread()?, Instant::now(), time_of_thread());
    let mut calls = 0_u32;
    while start.elapsed() < TOGETHER {
        for _ in 0..CALLS_BETWEEN_LOOKS {
            black_box(call());
        }
        calls += CALLS_BETWEEN_LOOKS;
    }
    let (of_thread, all) = (time_of_thread() - start_of_thread, start.elapsed());
    let has_waited = waits_of_thread()? != waits;
    let (time, on_core) =
        if has_waited { (all, 1.0) } else { (of_thread, of_thread.div_duration_f64(all)) };
    Ok(Run { microseconds: time.as_secs_f64() * 1e6 / f64::from(calls), on_core })
}
