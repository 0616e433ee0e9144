use auth_core::require;

#[require(fresh("x"))]
async fn handler() {}

fn main() {}
