use auth_core::policy::{Decision, Policy, PolicyError, RequestView};
use auth_core::{AuthError, Identity, Verification, require};

struct Db;

struct Owns;

impl Policy for Owns {
    type State = Db;

    async fn check(
        _request: &RequestView<'_>,
        _caller: &Identity,
        _state: &Db,
    ) -> Result<Decision, PolicyError> {
        Ok(Decision::Allow)
    }
}

#[require(Owns, via = ctx)]
async fn posts(ctx: &Verification) -> Result<(), AuthError> {
    Ok(())
}

fn main() {}
