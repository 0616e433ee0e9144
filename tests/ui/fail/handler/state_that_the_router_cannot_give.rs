use auth_core::axum::{Router, get};
use auth_core::policy::{Decision, Policy, PolicyError, RequestView};
use auth_core::{Auth, Identity, require};

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

#[require(Owns)]
async fn handler() {}

fn main() {
    let _: Router<Auth> = Router::new().route("/", get(handler));
}
