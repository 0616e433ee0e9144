use auth_core::require;

#[require(role("a", "b"))]
async fn handler() {}

fn main() {}
