//! A guarded handler with another mistake is told of that one.

use std::rc::Rc;

use auth_core::axum::{Router, get};
use auth_core::{Auth, authenticated};

#[authenticated]
async fn me() {
    let not_send = Rc::new(7);
    std::future::ready(()).await;
    drop(not_send);
}

fn main() {
    let _: Router<Auth> = Router::new().route("/", get(me));
}
