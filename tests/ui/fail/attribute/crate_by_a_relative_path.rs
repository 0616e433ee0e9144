use auth_core::authenticated;

#[authenticated(crate = relative::path)]
async fn handler() {}

fn main() {}
