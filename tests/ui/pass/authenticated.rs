use auth_core::axum::{Router, get};
use auth_core::{Auth, Identity, authenticated};

#[authenticated]
async fn me(caller: Identity) -> String {
    caller.subject().to_owned()
}

#[authenticated]
async fn nothing_but_the_guard() {}

fn main() {
    let _: Router<Auth> = Router::new().route("/me", get(me).post(nothing_but_the_guard));
}
