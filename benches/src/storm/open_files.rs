//! Every waiting request holds a connection, and this process has both its ends.

use anyhow::Context;
use nix::sys::resource::{Resource, getrlimit, setrlimit};

const NEEDED: u64 = 16_384;

/// # Errors
/// If this process may not have so many.
pub(super) fn allow_many() -> anyhow::Result<()> {
    let (now, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
    if now >= NEEDED {
        return Ok(());
    }
    setrlimit(Resource::RLIMIT_NOFILE, NEEDED, most.max(NEEDED)).with_context(|| {
        format!("{NEEDED} open files are needed, {most} are allowed: raise it with `ulimit -Hn`")
    })
}
