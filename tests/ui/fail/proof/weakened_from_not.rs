use auth_core::Guard;
use auth_core::policy::{Admin, Not, Weaken};

fn promote(guard: Guard<Not<Admin>>) -> Guard<Admin> {
    guard.weaken::<Admin>()
}

fn main() {}
