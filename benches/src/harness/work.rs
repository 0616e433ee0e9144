//! How a case is sampled: by timing calls, or by whatever else it does.

use std::hint::black_box;
use std::time::Duration;

use super::allocations::allocations;
use super::thread_clock::time_of_thread;

/// How long timed calls run in a round.
const ROUND: Duration = Duration::from_millis(10);

/// How many inputs are prepared at a time: they stay in the caches, as a request just read does.
const BATCH: u32 = 32;

/// Over so many calls allocations are averaged.
const COUNTED_CALLS: u32 = 1_024;

pub(super) trait Work {
    fn sample(&mut self) -> anyhow::Result<f64>;

    /// How often a call asks for memory, if there are calls.
    fn allocations(&mut self) -> anyhow::Result<Option<f64>> {
        Ok(None)
    }
}

/// A call that can be repeated as it is.
pub(super) struct Repeated<F> {
    call: F,
    calls: Option<u32>,
}

impl<F> Repeated<F> {
    pub(super) fn new(call: F) -> Self {
        Self { call, calls: None }
    }
}

impl<F: FnMut() -> T, T> Repeated<F> {
    fn run(&mut self, calls: u32) -> Duration {
        let start = time_of_thread();
        for _ in 0..calls {
            black_box((self.call)());
        }
        time_of_thread() - start
    }
}

impl<F: FnMut() -> T, T> Work for Repeated<F> {
    fn sample(&mut self) -> anyhow::Result<f64> {
        let calls = self.calls.unwrap_or_else(|| calls_per_round(|calls| self.run(calls)));
        self.calls = Some(calls);
        Ok(microseconds_per_call(self.run(calls), calls))
    }

    fn allocations(&mut self) -> anyhow::Result<Option<f64>> {
        allocations(COUNTED_CALLS, || self.run(COUNTED_CALLS)).map(Some)
    }
}

/// A call that uses up an input.
pub(super) struct Consuming<P, F> {
    prepare: P,
    call: F,
    calls: Option<u32>,
}

impl<P, F> Consuming<P, F> {
    pub(super) fn new(prepare: P, call: F) -> Self {
        Self { prepare, call, calls: None }
    }
}

impl<P: FnMut() -> I, F: FnMut(I) -> T, I, T> Consuming<P, F> {
    /// A multiple of [`BATCH`] calls.
    fn run(&mut self, calls: u32) -> Duration {
        let mut took = Duration::ZERO;
        for _ in 0..calls.div_ceil(BATCH) {
            let inputs: Vec<I> = (0..BATCH).map(|_| (self.prepare)()).collect();
            let start = time_of_thread();
            for input in inputs {
                black_box((self.call)(input));
            }
            took += time_of_thread() - start;
        }
        took
    }
}

impl<P: FnMut() -> I, F: FnMut(I) -> T, I, T> Work for Consuming<P, F> {
    fn sample(&mut self) -> anyhow::Result<f64> {
        let calls = self.calls.unwrap_or_else(|| calls_per_round(|calls| self.run(calls)));
        let calls = calls.next_multiple_of(BATCH);
        self.calls = Some(calls);
        Ok(microseconds_per_call(self.run(calls), calls))
    }

    fn allocations(&mut self) -> anyhow::Result<Option<f64>> {
        let preparing = allocations(COUNTED_CALLS, || {
            (0..COUNTED_CALLS).for_each(|_| drop(black_box((self.prepare)())));
        })?;
        let all = allocations(COUNTED_CALLS, || self.run(COUNTED_CALLS))?;
        let for_batches = 1.0 / f64::from(BATCH);
        Ok(Some(all - preparing - for_batches))
    }
}

/// What samples itself.
pub(super) struct Sampled<F>(pub(super) F);

impl<F: FnMut() -> anyhow::Result<f64>> Work for Sampled<F> {
    fn sample(&mut self) -> anyhow::Result<f64> {
        (self.0)()
    }
}

fn microseconds_per_call(took: Duration, calls: u32) -> f64 {
    took.as_secs_f64() * 1e6 / f64::from(calls)
}

/// So many that the clock's grain does not matter. Looking for the number warms the caches.
fn calls_per_round(mut run: impl FnMut(u32) -> Duration) -> u32 {
    let mut calls = 1_u32;
    loop {
        let took = run(calls);
        if took >= ROUND / 4 {
            let needed = f64::from(calls) * ROUND.as_secs_f64() / took.as_secs_f64();
            return (needed as u32).max(1);
        }
        calls = calls.saturating_mul(2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allocations_are_those_of_the_call() {
        let two = || (Box::new(1), String::from("two"));
        assert_eq!(Repeated::new(two).allocations().unwrap(), Some(2.0));
        assert_eq!(Repeated::new(|| 1).allocations().unwrap(), Some(0.0));
        let mut one_more = Consuming::new(two, |input| (Box::new(3), input));
        assert_eq!(one_more.allocations().unwrap(), Some(1.0));
    }
}
