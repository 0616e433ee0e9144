//! Whether a policy has to be waited for is not its author's to say.

use auth_core::policy::Immediate;
use auth_core::policy::{Decision, NoState, Policy, PolicyError, RequestView};
use auth_core::Identity;

struct Owns;

impl Policy for Owns {
    type State = NoState;

    async fn check(
        _request: &RequestView<'_>,
        _caller: &Identity,
        _state: &NoState,
    ) -> Result<Decision, PolicyError> {
        Ok(Decision::Allow)
    }
}

impl Immediate for Owns {}

fn main() {}
