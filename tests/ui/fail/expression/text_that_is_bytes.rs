use auth_core::require;

#[require(role(b"editor"))]
async fn handler() {}

fn main() {}
