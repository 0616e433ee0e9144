//! The test kit stays out of release builds, and out of what people run.

use crate::command::{cargo, output_of};

/// What the compiler says of the kit without `debug_assertions`.
const REFUSAL: &str = "the feature `testing` of auth-core is for tests";

pub(crate) fn check() -> Result<(), String> {
    let kit = |features: &str| {
        let mut check = cargo("check --release --package auth-core --no-default-features");
        output_of(check.args(["--features", features]))
    };
    let (compiles, output) = kit("testing")?;
    if compiles || !output.contains(REFUSAL) {
        return Err(format!("the test kit is not refused in a release build:\n{output}"));
    }
    let (compiles, output) = kit("testing,testing-in-release")?;
    if !compiles {
        return Err(format!("the test kit does not compile with testing-in-release:\n{output}"));
    }
    // The examples, `auth-dev`, and as a control the tests of the kit.
    for (package, expected) in
        [("auth-examples", false), ("auth-dev", false), ("auth-kit-tests", true)]
    {
        let mut tree = cargo("tree --edges features --package");
        let (listed, features) = output_of(tree.arg(package))?;
        if !listed || features.contains("auth-core feature \"testing\"") != expected {
            return Err(format!("{package} is to have the test kit: {expected}\n{features}"));
        }
    }
    Ok(())
}
