use auth_core::policy::{Decision, NoState, Policy, PolicyError, RequestView};
use auth_core::{Identity, require};

struct Slow;

impl Policy for Slow {
    type State = NoState;

    async fn check(
        _request: &RequestView<'_>,
        _caller: &Identity,
        _state: &NoState,
    ) -> Result<Decision, PolicyError> {
        Ok(Decision::Allow)
    }
}

#[require(Slow || admin)]
#[actix_web::get("/")]
async fn me() -> &'static str {
    "ok"
}

fn main() {}
