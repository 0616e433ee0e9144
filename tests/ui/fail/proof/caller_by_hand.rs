//! A guard's caller is one that verification has found.

use auth_core::policy::Caller;
use auth_core::{AuthError, Identity};

struct Anybody;

impl Caller for Anybody {
    async fn establish(
        _: impl Future<Output = Result<Identity, AuthError>> + Send,
    ) -> Result<Self, AuthError> {
        Ok(Self)
    }

    fn identity(&self) -> Option<&Identity> {
        None
    }
}

fn main() {}
