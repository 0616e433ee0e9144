use auth_core::require;

#[require(role(7))]
async fn handler() {}

fn main() {}
