use auth_core::require;

#[require(role("editor"), state = db)]
async fn handler() {}

fn main() {}
