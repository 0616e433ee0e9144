use auth_core::Guard;
use auth_core::policy::Admin;

fn forge(json: &str) -> Guard<Admin> {
    serde_json::from_str(json).unwrap()
}

fn main() {}
