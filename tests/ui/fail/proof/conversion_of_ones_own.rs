//! Nor can a service write a conversion of its own.

use auth_core::Guard;
use auth_core::policy::{Admin, Authenticated};

impl From<Guard<Authenticated>> for Guard<Admin> {
    fn from(guard: Guard<Authenticated>) -> Self {
        unreachable!("{guard:?}")
    }
}

fn main() {}
