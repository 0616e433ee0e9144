use auth_core::require_admin;

#[require_admin("example.com")]
async fn handler() {}

fn main() {}
