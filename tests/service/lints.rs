//! What the attributes write is silent, whichever lints a service denies. There is nothing to run:
//! the lints are those of `rustc` and `clippy`.

#![deny(
    warnings,
    unused,
    nonstandard_style,
    let_underscore,
    missing_docs,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unreachable_pub,
    unused_qualifications,
    unused_results,
    clippy::pedantic,
    clippy::nursery,
    clippy::absolute_paths,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::missing_docs_in_private_items,
    clippy::panic,
    clippy::question_mark_used,
    clippy::shadow_unrelated,
    clippy::unseparated_literal_suffix,
    clippy::unwrap_used,
    clippy::used_underscore_binding,
    clippy::wildcard_enum_match_arm
)]

use auth_core::axum::{Router, get};
use auth_core::policy::Predicate;
use auth_core::{
    Auth, AuthError, Identity, Permissions, Verification, authenticated, policy, public, require,
    require_admin,
};

/// The permissions of the service.
#[derive(Permissions)]
enum Can {
    /// Change what readers see.
    #[permission("posts:write")]
    Write,
    /// Change it for good.
    #[permission("posts:delete")]
    Delete,
}

/// Whose account is closed.
struct Suspended;

impl Predicate for Suspended {
    fn holds(caller: &Identity) -> bool {
        caller.subject().is_empty()
    }
}

policy! {
    /// Who may change what readers see.
    Editor = role("editor") || permission(Can::Write);
    /// Who may change it for good.
    ChiefEditor = Editor && permission(Can::Delete) && !Suspended;
}

/// A handler.
#[authenticated]
async fn me() {}

/// A handler.
#[require_admin]
async fn administrators() {}

/// A handler.
#[require(ChiefEditor || !impersonated && fresh(1_000_000))]
async fn editors() {}

/// A handler.
#[public(reason = "load balancer probe")]
async fn health() {}

/// A function whose items stand at its beginning.
#[require(Editor && scope("posts"), via = ctx)]
fn function(ctx: &Verification) -> Result<usize, AuthError> {
    /// The answer.
    const ANSWER: usize = 42;
    Ok(ANSWER)
}

/// An asynchronous one.
#[authenticated(via = ctx)]
async fn asynchronous(ctx: &Verification) -> Result<(), AuthError> {
    #![allow(clippy::unused_async, reason = "attributes inside of the body stay in force")]
    Ok(())
}

/// A service with all of them.
#[test]
fn expansions_are_silent() {
    let router: Router<Auth> = Router::new()
        .route("/me", get(me).post(administrators).put(editors))
        .route("/health", get(health));
    drop(router);
    let _ = (function, asynchronous);
}
