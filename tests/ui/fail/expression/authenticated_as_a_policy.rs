use auth_core::require;

#[require(authenticated && role("a"))]
async fn handler() {}

fn main() {}
