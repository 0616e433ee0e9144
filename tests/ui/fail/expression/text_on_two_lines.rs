use auth_core::require;

#[require(role("two\nlines"))]
async fn handler() {}

fn main() {}
