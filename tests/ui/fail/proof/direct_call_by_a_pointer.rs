//! The function has one type, and its first argument is the guard.

use auth_core::require_admin;

#[require_admin]
fn secret() -> &'static str {
    "secret"
}

fn around_the_guard() -> &'static str {
    let unguarded: fn() -> &'static str = secret;
    unguarded()
}

fn main() {}
