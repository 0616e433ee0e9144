//! The time that processes have computed, whoever else has a turn on this machine.

use std::process::{Command, Output};
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

/// Runs a command to its end; what it has printed, and how long it and all its children have computed.
pub(super) fn measure(command: &mut Command) -> anyhow::Result<(Output, Duration)> {
    let before = of_children()?;
    let output = command.output()?;
    Ok((output, of_children()?.saturating_sub(before)))
}

fn of_children() -> anyhow::Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    Ok(duration(usage.user_time()) + duration(usage.system_time()))
}

fn duration(time: TimeVal) -> Duration {
    let part = |value: i64| u64::try_from(value).unwrap_or_default();
    Duration::from_secs(part(time.tv_sec())) + Duration::from_micros(part(time.tv_usec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_children_compute_counts_and_what_they_sleep_does_not() {
        let shell = |script: &str| measure(Command::new("sh").args(["-c", script])).unwrap().1;
        let computing = shell("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done");
        assert!(computing > shell("sleep 0.01"), "{computing:?}");
    }
}
