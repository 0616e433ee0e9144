//! A guard comes from a request and from nowhere else.

use auth_core::Guard;
use auth_core::policy::{Admin, Authenticated};

fn promote(guard: Guard<Authenticated>) -> Guard<Admin> {
    let _ = guard.clone();
    let _ = Guard::<Admin>::admit(guard.identity().clone());
    let _: Guard<Admin> = Default::default();
    guard.into()
}

fn main() {}
