//! Whoever calls the crate by another name says so once in each attribute; nothing in the expansion
//! then needs the old one, which here means something else.

#![deny(warnings)]

extern crate auth_core as other;
extern crate core as auth_core;

use other::axum::{Router, get};
use other::{Auth, AuthError, Permissions, Verification};

#[other::authenticated(crate = ::other)]
async fn me() {}

#[other::require_admin(crate = crate::inner::renamed)]
async fn administrators() {}

#[other::require(role("editor") && fresh(300) || Editor || !permission(Can::Write), crate = ::other)]
async fn editors() {}

#[other::public(reason = "probe", crate = ::other)]
async fn health() {}

#[other::require(Editor, via = ctx, crate = ::other)]
fn function(ctx: &Verification) -> Result<(), AuthError> {
    Ok(())
}

other::policy! {
    crate = ::other;
    /// With a name of its own.
    pub Editor = role("editor") && scope("posts");
}

#[derive(Permissions)]
#[permissions(crate = ::other)]
enum Can {
    #[permission("posts:write")]
    Write,
}

mod inner {
    pub(crate) use ::other as renamed;
}

fn main() {
    let _ = function;
    let _: Router<Auth> = Router::new()
        .route("/1", get(me))
        .route("/2", get(administrators))
        .route("/3", get(editors))
        .route("/4", get(health));
}
