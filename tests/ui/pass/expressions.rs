//! Every part of an expression, and how parts are joined.

#![deny(warnings)]

use auth_core::axum::{Router, get};
use auth_core::policy::{
    Admin, All, Any, Authenticated, Decision, Impersonated, Named, NoState, Not, Policy,
    PolicyError, Predicate, RequestView, Weaken,
};
use auth_core::{Auth, Guard, Identity, Permissions, policy, require};

#[require(admin)]
async fn a_word() {}

#[require(
    role("a")
        || permission("a:b")
        || entitlement("a")
        || feature("a")
        || org("org_01")
        || email_domain("example.com")
        || scope("a:b")
        || fresh(300)
)]
async fn eight_parts() {}

#[require(org_param("org_id") && impersonated && fresh(1_000) && fresh(0x10) && fresh(5u64))]
async fn the_other_parts() {}

#[require(((role("a")) || ((admin && (!role("b"))))))]
async fn groups() {}

#[require(!!admin && !(role("a") || !role("b") && impersonated))]
async fn negations() {}

#[require(
    (role("a") || role("b") || role("c") || role("d") || role("e") || role("f") || role("g"))
        && (role("h") || role("i") || role("j") || role("k") || role("l") || role("m"))
)]
async fn more_than_eight_in_groups() {}

#[require(role("größer") || role("with \"quotes\" and \\") || role(r"raw\d"))]
async fn odd_texts() {}

#[require(role("editor"),)]
async fn a_comma_at_the_end() {}

mod policies {
    use super::*;

    #[derive(Permissions)]
    pub enum Can {
        #[permission("posts:write")]
        Write,
        /// Documentation stays.
        #[permission("posts:delete")]
        Delete,
    }

    pub struct Suspended;

    impl Predicate for Suspended {
        fn holds(_caller: &Identity) -> bool {
            false
        }
    }

    pub struct Owns;

    impl Policy for Owns {
        type State = NoState;

        async fn check(
            _request: &RequestView<'_>,
            _caller: &Identity,
            _state: &NoState,
        ) -> Result<Decision, PolicyError> {
            Ok(Decision::NotFound)
        }
    }

    policy! {
        pub Editor = role("editor") || permission(self::Can::Write);
        pub(crate) ChiefEditor = super::policies::Editor && fresh(300) && !Suspended;
    }
}

#[require(policies::Editor && crate::policies::Owns || self::policies::Suspended)]
async fn by_paths() {}

#[require(permission(policies::Can::Delete) && !permission(crate::policies::Can::Write))]
async fn by_paths_of_variants() {}

#[require(policies::ChiefEditor)]
async fn with_its_proof(guard: Guard<policies::ChiefEditor>) {
    let editor: Guard<policies::Editor> = guard.weaken();
    let _: Guard<Authenticated> = editor.weaken();
}

/// What is written by hand is the same type.
async fn by_hand(
    guard: Guard<Any<(Admin, All<(Impersonated, Not<Admin>)>)>>,
    _: Guard<Any<(Admin, All<(Impersonated, Not<Admin>)>)>>,
) {
    let _: Guard<Authenticated> = guard.weaken();
}

fn main() {
    assert_eq!(policies::Editor::NAME, Some("Editor"));
    assert!(matches!(policies::Can::Write as usize, 0) && policies::Can::Delete as usize == 1);
    let _: Router<Auth> = Router::new()
        .route("/1", get(a_word))
        .route("/2", get(eight_parts))
        .route("/3", get(the_other_parts))
        .route("/4", get(groups))
        .route("/5", get(negations))
        .route("/6", get(more_than_eight_in_groups))
        .route("/7", get(odd_texts))
        .route("/8", get(a_comma_at_the_end))
        .route("/9", get(by_paths))
        .route("/10", get(by_paths_of_variants))
        .route("/11", get(with_its_proof))
        .route("/12", get(by_hand));
}
