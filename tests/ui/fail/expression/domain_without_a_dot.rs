use auth_core::require;

#[require(email_domain("com"))]
async fn handler() {}

fn main() {}
