use auth_core::public;

#[public()]
async fn handler() {}

fn main() {}
