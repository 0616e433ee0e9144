use auth_core::Permissions;

#[derive(Permissions)]
enum Can {
    #[permission(posts_write)]
    Write,
}

fn main() {}
