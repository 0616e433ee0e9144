use auth_core::authenticated;

#[authenticated(crate = "::auth_core")]
async fn handler() {}

fn main() {}
