use auth_core::require;

#[require(fresh)]
async fn handler() {}

fn main() {}
