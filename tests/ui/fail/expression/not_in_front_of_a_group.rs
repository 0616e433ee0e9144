use auth_core::require;

#[require(!(role("editor") && fresh(300)))]
async fn handler() {}

fn main() {}
