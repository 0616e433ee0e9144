use auth_core::public;

#[public(reason = "two\nlines")]
async fn handler() {}

fn main() {}
