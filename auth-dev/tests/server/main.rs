//! The server as its clients see it, over real sockets.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod authorize;
mod browser;
mod claims;
mod client;
mod configuration;
mod dev;
mod faults;
mod grants;
mod keys;
mod organizations;
mod page;
mod sessions;
mod sso;
mod strangers;
mod webhooks;
