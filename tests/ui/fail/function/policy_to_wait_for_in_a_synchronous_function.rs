use auth_core::policy::{Decision, NoState, Policy, PolicyError, RequestView};
use auth_core::{AuthError, Identity, Verification, require};

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

#[require(Owns, via = ctx)]
fn posts(ctx: &Verification) -> Result<(), AuthError> {
    Ok(())
}

fn main() {}
