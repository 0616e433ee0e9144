//! Counts allocations of Rust code; what C code allocates by itself is not seen.
//!
//! The counting is a few additions in memory of the thread's own, and `realloc` stays `realloc`:
//! timed calls run on the same allocator without telling the difference.

use std::alloc::System;
use std::hint::black_box;

use alloc_tracker::{Allocator, Session};
use anyhow::Context;

pub(crate) type CountingAllocator = Allocator<System>;

pub(crate) const fn counting_allocator() -> CountingAllocator {
    Allocator::system()
}

/// How often this thread asks for memory while `work` makes `calls` calls, per call.
///
/// # Errors
/// If nothing was counted.
pub(super) fn allocations<T>(calls: u32, work: impl FnOnce() -> T) -> anyhow::Result<f64> {
    let session = Session::new().no_stdout().no_file();
    let operation = session.operation("call");
    {
        let _span = operation.measure_thread().iterations(calls.into());
        black_box(work());
    }
    let report = session.to_report();
    let (_, counted) = report.operations().next().context("no allocation was counted")?;
    counted.allocations().context("no call was counted")
}

/// By how many bytes what this thread holds grows at most while `work` runs.
///
/// # Errors
/// If nothing was counted.
pub(crate) fn peak_bytes<T>(work: impl FnOnce() -> T) -> anyhow::Result<(T, f64)> {
    let session = Session::new().no_stdout().no_file();
    let operation = session.operation("work");
    let result = {
        let _span = operation.measure_thread().iterations(1);
        work()
    };
    let report = session.to_report();
    let (_, counted) = report.operations().next().context("no allocation was counted")?;
    Ok((result, counted.peak_outstanding_bytes().context("no peak was counted")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_counts_what_was_given_back() {
        let (len, bytes) = peak_bytes(|| vec![0_u8; 4096].len()).unwrap();
        assert_eq!((len, bytes), (4096, 4096.0));
    }
}
