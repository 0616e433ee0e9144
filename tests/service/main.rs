//! A guarded service as its callers see it, over a real socket.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../examples/axum/api.rs"]
mod api;
#[path = "../../examples/common/posts.rs"]
mod posts;

mod actix;
mod attacks;
mod auth_dev;
mod client;
mod clock;
mod end_to_end;
mod eventually;
mod functions;
mod gate;
mod guarded_router;
mod identity;
mod issuer;
mod key_server;
mod key_set;
mod lints;
mod log;
mod logs;
mod neighbours;
mod observed;
mod order;
mod own_policies;
mod properties;
mod service;
mod sessions;
mod signer;
mod standards;
mod token_cache;
mod vectors;
mod verification;
