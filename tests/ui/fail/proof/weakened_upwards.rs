use auth_core::Guard;
use auth_core::policy::{Admin, Authenticated, Weaken};

fn promote(guard: Guard<Authenticated>) -> Guard<Admin> {
    guard.weaken::<Admin>()
}

fn main() {}
