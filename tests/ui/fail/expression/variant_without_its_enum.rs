use auth_core::{Permissions, require};

#[derive(Permissions)]
enum Can {
    #[permission("posts:delete")]
    Delete,
}

#[require(permission(Delete))]
async fn handler() {}

fn main() {}
