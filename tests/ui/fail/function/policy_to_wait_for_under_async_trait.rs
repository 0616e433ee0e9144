//! `#[async_trait]` has made a synchronous function of it when the guard comes to see it.

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

struct Posts;

#[tonic::async_trait]
trait List {
    async fn list(&self, ctx: Verification) -> Result<(), AuthError>;
}

#[tonic::async_trait]
impl List for Posts {
    #[require(Owns, via = ctx)]
    async fn list(&self, ctx: Verification) -> Result<(), AuthError> {
        Ok(())
    }
}

fn main() {}
