use auth_core::public;

#[public(reason = probe)]
async fn handler() {}

fn main() {}
