//! Every guard, on `.route` and above actix's route attributes.

#![deny(warnings)]

use auth_core::actix::{Router, any, delete, get, head, options, patch, post, put, trace};
use auth_core::policy::{Decision, NoState, Policy, PolicyError, RequestView};
use auth_core::{Guard, Identity, MaybeIdentity, authenticated, policy, public, require};
use auth_core::{policy::Admin, require_admin};

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

policy! { Editor = role("editor") || admin; }

#[authenticated]
async fn me(caller: Identity) -> String {
    caller.subject().to_owned()
}

#[require_admin]
async fn administrators(proof: Guard<Admin>) -> String {
    proof.identity().subject().to_owned()
}

#[require(Editor && !impersonated)]
async fn editors() -> &'static str {
    "ok"
}

#[require(Slow)]
async fn slow() -> &'static str {
    "ok"
}

#[public(reason = "greets everybody")]
async fn greet(_caller: MaybeIdentity) -> &'static str {
    "ok"
}

async fn by_hand(_: Guard<Admin>) -> &'static str {
    "ok"
}

mod attributes {
    use actix_web::{HttpResponse, get, post, route, routes};
    use auth_core::{Identity, authenticated, public, require, require_admin};

    #[authenticated]
    #[get("/me")]
    pub async fn me(caller: Identity) -> String {
        caller.subject().to_owned()
    }

    /// Documentation stays.
    #[require_admin]
    #[post("/administrators", name = "administrators")]
    pub(super) async fn administrators() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[require(super::Editor)]
    #[routes]
    #[get("/editors")]
    #[get("/editors/{id}")]
    pub async fn editors() -> &'static str {
        "ok"
    }

    #[public(reason = "load balancer probe", crate = ::auth_core)]
    #[route("/health", method = "GET", method = "HEAD")]
    pub async fn health() -> &'static str {
        "ok"
    }

    #[authenticated]
    #[get("/not-there")]
    #[cfg(any())]
    pub async fn not_there() {}
}

fn main() {
    let _ = Router::new()
        .route("/1", get(me).post(administrators).put(editors).delete(slow).head(greet))
        .route("/2", post(me).get(by_hand).patch(editors).options(slow).trace(greet))
        .route("/3", any(me))
        .route("/4", put(me))
        .route("/5", patch(me))
        .route("/6", delete(me))
        .route("/7", head(me))
        .route("/8", options(me))
        .route("/9", trace(me))
        .service(attributes::me)
        .service(attributes::administrators)
        .service(attributes::editors)
        .service(attributes::health)
        .fallback(administrators);
}
