//! The command `auth-dev`, run as a user runs it.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod completions;
mod doctor;
mod explain;
mod mistakes;
mod output;
mod run;
mod secrets;
mod serve;
mod token;
