use auth_core::authenticated;

#[authenticated(crate = ::other)]
async fn handler() {}

fn main() {}
