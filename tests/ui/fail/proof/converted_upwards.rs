use auth_core::Guard;
use auth_core::policy::{Admin, Authenticated};

fn promote(guard: Guard<Authenticated>) -> Guard<Admin> {
    guard.into()
}

fn main() {}
