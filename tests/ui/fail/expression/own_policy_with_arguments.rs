use auth_core::require;

#[require(crate::Owns("account"))]
async fn handler() {}

fn main() {}
