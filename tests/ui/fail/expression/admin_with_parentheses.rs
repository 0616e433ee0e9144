use auth_core::require;

#[require(admin())]
async fn handler() {}

fn main() {}
