use auth_core::policy::{Admin, Weaken};
use auth_core::{Guard, policy};

policy!(pub Editor = role("editor") && permission("posts:write"));

fn promote(guard: Guard<Editor>) -> Guard<Admin> {
    guard.weaken::<Admin>()
}

fn main() {}
