use auth_core::Guard;
use auth_core::policy::{Public, Text};

struct Probe;

impl Text for Probe {
    const TEXT: &'static str = "probe";
}

fn who(guard: &Guard<Public<Probe>>) -> &str {
    guard.identity().subject()
}

fn main() {}
