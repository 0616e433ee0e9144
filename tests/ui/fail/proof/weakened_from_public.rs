//! Whoever came in by a public route is not known.

use auth_core::Guard;
use auth_core::policy::{Authenticated, Public, Text, Weaken};

struct Probe;

impl Text for Probe {
    const TEXT: &'static str = "probe";
}

fn promote(guard: Guard<Public<Probe>>) -> Guard<Authenticated> {
    guard.weaken::<Authenticated>()
}

fn main() {}
