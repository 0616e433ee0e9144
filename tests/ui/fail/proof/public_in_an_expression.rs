use auth_core::Guard;
use auth_core::policy::{Admin, Any, Public, Text};

struct Probe;

impl Text for Probe {
    const TEXT: &'static str = "probe";
}

async fn handler(_: Guard<Any<(Admin, Public<Probe>)>>) {}

fn main() {}
