use auth_core::Guard;
use auth_core::policy::{Admin, Any, Impersonated, Weaken};

fn promote(guard: Guard<Any<(Admin, Impersonated)>>) -> Guard<Admin> {
    guard.weaken::<Admin>()
}

fn main() {}
