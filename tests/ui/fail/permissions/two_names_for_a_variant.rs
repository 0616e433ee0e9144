use auth_core::Permissions;

#[derive(Permissions)]
enum Can {
    #[permission("posts:write")]
    #[permission("posts:delete")]
    Write,
}

fn main() {}
