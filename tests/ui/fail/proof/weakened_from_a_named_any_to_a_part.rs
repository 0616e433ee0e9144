use auth_core::policy::{Admin, Weaken};
use auth_core::{Guard, policy};

policy!(pub Staff = admin || role("support"));

fn promote(guard: Guard<Staff>) -> Guard<Admin> {
    guard.weaken::<Admin>()
}

fn main() {}
