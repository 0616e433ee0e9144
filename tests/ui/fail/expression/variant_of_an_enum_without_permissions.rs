use auth_core::require;

enum Can {
    Delete,
}

#[require(permission(Can::Delete))]
async fn handler() {}

fn main() {}
