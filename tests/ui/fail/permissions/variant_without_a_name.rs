use auth_core::Permissions;

#[derive(Permissions)]
enum Can {
    #[permission("posts:write")]
    Write,
    Delete,
}

fn main() {}
