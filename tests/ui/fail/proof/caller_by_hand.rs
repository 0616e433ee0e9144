//! A guard's caller is one that verification has found.

use auth_core::Identity;
use auth_core::policy::Caller;

struct Anybody;

impl Caller for Anybody {
    fn establish<E>(_: impl FnOnce() -> Result<Identity, E>) -> Result<Self, E> {
        Ok(Self)
    }

    fn identity(&self) -> Option<&Identity> {
        None
    }
}

fn main() {}
