use auth_core::public;

#[public(reason = "a reason that goes on and on that goes on and on that goes on and on that goes on and on that goes on and on that goes on and on that goes on and on")]
async fn handler() {}

fn main() {}
