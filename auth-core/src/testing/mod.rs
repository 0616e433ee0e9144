//! What a service tests its guards with.
#![allow(clippy::expect_used, clippy::panic, reason = "a test ends by panicking")]

mod clock;
mod guard;
mod issuer;
mod key;
mod request;
mod user;

use std::sync::OnceLock;

pub use clock::TestClock;
pub use guard::Given;
pub use issuer::TestIssuer;
pub use request::BearsToken;
pub use user::TestUser;

#[cfg(all(not(debug_assertions), not(feature = "testing-in-release")))]
compile_error!(
    "the feature `testing` of auth-core is for tests and does not belong into a release build: move \
     it to the `[dev-dependencies]`, or, to run tests in release mode, enable `testing-in-release` \
     too"
);

/// The issuer that all tests of a process may share. A test that moves the clock has an issuer of
/// its own, so that it moves nobody else's.
pub fn issuer() -> &'static TestIssuer {
    static ISSUER: OnceLock<TestIssuer> = OnceLock::new();
    ISSUER.get_or_init(TestIssuer::new)
}

/// Somebody whom the shared [`issuer`] has signed in, with this `sub`.
pub fn as_user(subject: impl Into<String>) -> TestUser {
    issuer().as_user(subject)
}
