use auth_core::Permissions;

#[derive(Permissions)]
enum Can {
    #[permission("posts:write")]
    Write,
    #[permission("posts:write")]
    Delete,
}

fn main() {}
