use auth_core::public;

#[public(reason = "none")]
mod handlers {}

fn main() {}
