use auth_core::Permissions;

#[derive(Permissions)]
enum Can {
    #[permission("")]
    Write,
}

fn main() {}
