use auth_core::Permissions;

#[derive(Permissions)]
#[permissions(crate = ::auth_core)]
#[permissions(crate = ::auth_core)]
enum Can {
    #[permission("posts:read")]
    Read,
}

fn main() {}
