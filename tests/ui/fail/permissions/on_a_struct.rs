use auth_core::Permissions;

#[derive(Permissions)]
struct Can {
    delete: bool,
}

fn main() {}
