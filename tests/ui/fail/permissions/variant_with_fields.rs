use auth_core::Permissions;

#[derive(Permissions)]
enum Can {
    #[permission("posts:delete")]
    Delete(u64),
}

fn main() {}
