use auth_core::require;

#[require(role(" a"))]
async fn handler() {}

fn main() {}
