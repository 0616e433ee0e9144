use auth_core::{Permissions, require};

#[derive(Permissions)]
enum Can {
    #[permission("posts:delete")]
    Delete,
}

#[require(permission(Can::Delet))]
async fn handler() {}

fn main() {}
