use auth_core::require;

#[require(xyzzy)]
async fn handler() {}

fn main() {}
