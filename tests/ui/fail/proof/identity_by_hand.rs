use auth_core::{Auth, Identity};

fn forge(auth: &Auth) -> Identity {
    Identity::new(auth)
}

fn main() {}
