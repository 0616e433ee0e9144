use auth_core::require;

#[require(())]
async fn handler() {}

fn main() {}
