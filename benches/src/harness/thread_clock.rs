//! How long a thread has had a core.

use std::fs;
use std::time::Duration;

use anyhow::Context;
use rustix::time::{ClockId, clock_gettime};

/// How long this thread has had a core. Timed calls wait for nothing, so on a machine of one's own
/// that is all the time there is; on a shared one it leaves out the others' turns.
pub(crate) fn time_of_thread() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

/// How often this thread has given up its core because it had to wait.
///
/// # Errors
/// If the kernel does not say.
pub(crate) fn waits_of_thread() -> anyhow::Result<u64> {
    let status = fs::read_to_string("/proc/thread-self/status")?;
    let count = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
    Ok(count.context("the kernel does not count context switches")?.trim().parse()?)
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn who_sleeps_waits() {
        let waits = waits_of_thread().unwrap();
        thread::sleep(Duration::from_millis(1));
        assert!(waits_of_thread().unwrap() > waits);
    }

    #[test]
    fn a_thread_has_time_of_its_own() {
        const BUSY: Duration = Duration::from_millis(20);
        let before = time_of_thread();
        let other = thread::spawn(|| while time_of_thread() < BUSY {});
        other.join().unwrap();
        assert!(time_of_thread() - before < BUSY);
    }
}
