//! Breaks the code in small ways, and shows which of them no test notices.

use crate::command::{cargo, succeed};
use crate::installed;

/// The modules on which it hangs that nobody unauthorised gets in.
const MODULES: [&str; 11] = [
    "auth.rs",
    "credential.rs",
    "decision.rs",
    "guard.rs",
    "issuer/**",
    "json.rs",
    "keys/**",
    "policy/**",
    "session/**",
    "token/**",
    "verify/**",
];

/// `arguments` go to cargo-mutants, such as `--shard 1/4` or `--jobs 2`.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    installed::by_cargo("cargo-mutants")?;
    // Its own first run would ask the tests of `auth-core` alone, which has none called `service`.
    let mut mutants = cargo("mutants --package auth-core --test-workspace=true --baseline=skip");
    mutants.args(["--timeout", "300"]);
    for module in MODULES {
        mutants.args(["--file", &format!("auth-core/src/{module}")]);
    }
    mutants.args(["--output", "target"]).args(arguments);
    // The unit tests, and those that meet a service over a socket.
    mutants.args(["--", "--lib", "--test", "service"]);
    succeed(mutants)
}
