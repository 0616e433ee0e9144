use auth_core::require;

#[require(admn)]
async fn handler() {}

fn main() {}
