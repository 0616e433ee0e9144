use auth_core::require;

#[require(role())]
async fn handler() {}

fn main() {}
