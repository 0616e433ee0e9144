//! What the attributes write can be written by hand.

use auth_core::axum::{Router, get};
use auth_core::policy::{Admin, Authenticated, Public, Text};
use auth_core::{Auth, Guard};

struct Probe;

impl Text for Probe {
    const TEXT: &'static str = "load balancer probe";
}

async fn health(_: Guard<Public<Probe>>) {}

async fn me(guard: Guard<Authenticated>) -> String {
    guard.identity().subject().to_owned()
}

fn main() {
    let administrators = |_: Guard<Admin>| async {};
    let _: Router<Auth> =
        Router::new().route("/health", get(health)).route("/", get(me).post(administrators));
}
