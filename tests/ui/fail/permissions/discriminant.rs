use auth_core::Permissions;

#[derive(Permissions)]
enum Can {
    #[permission("posts:write")]
    Write = 7,
}

fn main() {}
