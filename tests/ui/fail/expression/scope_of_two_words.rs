use auth_core::require;

#[require(scope("two words"))]
async fn handler() {}

fn main() {}
