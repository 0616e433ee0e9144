use auth_core::policy::{Decision, NoState, Policy, PolicyError, RequestView};
use auth_core::{Identity, require};

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

#[require(!Owns)]
async fn handler() {}

fn main() {}
