use auth_core::Guard;
use auth_core::policy::Admin;

fn forge() -> Guard<Admin> {
    Default::default()
}

fn main() {}
