use auth_core::require;

#[require(rol("x"))]
async fn handler() {}

fn main() {}
