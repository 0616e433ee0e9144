use auth_core::require;

#[require(role = "editor")]
async fn handler() {}

fn main() {}
