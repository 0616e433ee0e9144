use auth_core::public;

#[public(reason = "  ")]
async fn handler() {}

fn main() {}
