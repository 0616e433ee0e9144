use auth_core::policy::Admin;
use auth_core::{Guard, Identity};

fn forge(caller: Identity) -> Guard<Admin> {
    Guard::from(caller)
}

fn main() {}
