//! Whether this machine and the server agree about the time.

use std::time::{Duration, SystemTime};

use crate::command::in_words::in_words;
use crate::command::report::{Finding, Outcome};

/// What services allow clocks to differ by, unless told otherwise.
const USUAL_LEEWAY: Duration = Duration::from_secs(5);
/// The most that a service can be told to allow.
const LONGEST_LEEWAY: Duration = Duration::from_secs(60);
/// Servers tell whole seconds: on average, half of one has passed.
const UNTOLD: Duration = Duration::from_millis(500);

/// How what the server told, if it did, differs from what this machine had then.
pub(super) fn compared(theirs: Option<SystemTime>, ours: SystemTime) -> Finding {
    let name = "clock";
    let Some(theirs) = theirs.and_then(|told| told.checked_add(UNTOLD)) else {
        return Finding::new(name, Outcome::Skipped, "the server does not say what time it is");
    };
    let (by, which) = match ours.duration_since(theirs) {
        Ok(by) => (by, "ahead of"),
        Err(error) => (error.duration(), "behind"),
    };
    if by <= USUAL_LEEWAY {
        let says = "this machine and the server agree about the time";
        return Finding::new(name, Outcome::Ok, says);
    }
    let outcome = if by > LONGEST_LEEWAY { Outcome::Failed } else { Outcome::Warning };
    Finding::new(name, outcome, format!("this machine is {} {which} the server", in_words(by)))
        .rule("services allow clocks to differ by 5 seconds")
        .mend(
            "set the clock, and have it kept by NTP; for auth-dev, whose clock can be set, see \
             /_dev/clock",
        )
}
