//! A guarded service as its callers see it, over a real socket.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../examples/axum/api.rs"]
mod api;

mod auth_dev;
mod end_to_end;
mod guarded_router;
mod key_set;
mod support;
