use auth_core::require;

#[require(role("a"), role("b"))]
async fn handler() {}

fn main() {}
