use auth_core::require;

#[require(fresh(18446744073709551616))]
async fn handler() {}

fn main() {}
