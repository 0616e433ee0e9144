use auth_core::require;

#[require(Editor)]
async fn handler() {}

fn main() {}
