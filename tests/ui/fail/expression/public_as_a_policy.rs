use auth_core::require;

#[require(public && role("a"))]
async fn handler() {}

fn main() {}
