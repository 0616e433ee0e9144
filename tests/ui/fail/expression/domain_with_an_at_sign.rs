use auth_core::require;

#[require(email_domain("@example.com"))]
async fn handler() {}

fn main() {}
