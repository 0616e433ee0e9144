use auth_core::require;

#[require(role("a") and role("b"))]
async fn handler() {}

fn main() {}
