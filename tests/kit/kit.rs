//! The test kit as a service uses it.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod actix;
mod clock;
mod guards;
mod matrix;
mod service;
mod users;
