use auth_core::actix::{Router, get};
use auth_core::policy::{Decision, Policy, PolicyError, RequestView};
use auth_core::{Identity, require};

struct Db;

struct Owns;

impl Policy for Owns {
    type State = Db;

    async fn check(
        _request: &RequestView<'_>,
        _caller: &Identity,
        _db: &Db,
    ) -> Result<Decision, PolicyError> {
        Ok(Decision::Allow)
    }
}

#[require(Owns)]
async fn account() -> &'static str {
    "ok"
}

fn main() {
    let _ = Router::new().route("/", get(account));
}
