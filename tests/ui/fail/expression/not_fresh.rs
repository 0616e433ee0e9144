use auth_core::require;

#[require(!fresh(300))]
async fn handler() {}

fn main() {}
