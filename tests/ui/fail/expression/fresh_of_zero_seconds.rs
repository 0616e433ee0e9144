use auth_core::require;

#[require(fresh(0))]
async fn handler() {}

fn main() {}
