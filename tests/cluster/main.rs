//! Instances of the examples, several on one Redis or one alone, while things go wrong:
//! `cargo xtask cluster`.
//!
//! Each case prints what happened, and counts refreshes (calls to WorkOS), losses (somebody who had
//! not signed out is signed out) and refusals (503).

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod browser;
mod cases;
mod cluster;
mod door;
mod instance;
mod one_instance;
#[path = "../../auth-core/tests/store/redis_server.rs"]
mod redis_server;

use cluster::Kept;

/// Runs a case with sessions in the cookie, and with sessions in the store.
macro_rules! cases {
    ($($name:ident),+ $(,)?) => {
        $(#[tokio::test(flavor = "multi_thread")]
        #[ignore = "`cargo xtask cluster` builds the examples, and runs this"]
        async fn $name() {
            for kept in Kept::ALL {
                let Some(said) = cases::$name(kept).await else { return };
                println!("cluster {}, {kept}: ok: {said}", stringify!($name).replace('_', " "));
            }
        })+
    };
}

cases! {
    two_instances_refresh_once,
    three_instances_refresh_once,
    a_sign_out_is_seen_by_all,
    what_ends_at_workos_ends_everywhere,
    redis_hangs_and_nobody_is_lost,
    redis_restarts_and_forgets_nothing,
    redis_hangs_in_the_middle_of_a_refresh,
    an_instance_dies_in_the_middle_of_a_refresh,
    a_rough_quarter_of_a_minute,
}
