use auth_core::require;

#[require(permission(""))]
async fn handler() {}

fn main() {}
