//! Bad inputs with names, and the answers that they must get, through the whole stack.
//!
//! Each case has the id of a list of attacks. `cargo xtask attacks` prints one line for each id.

mod admin;
mod claims;
mod denial;
mod encoding;
mod fixture;
mod handlers_run;
mod header;
mod http;
mod key_set_faults;
mod keys;
mod on_actix;
mod on_axum;
mod own_fetch;
mod policies;
mod suite;
mod wiring;
