use auth_core::Permissions;

#[derive(Permissions)]
enum Can {
    Read,
    #[permission("")]
    Write,
    #[permission("posts:delete")]
    Delete(u64),
}

fn main() {}
