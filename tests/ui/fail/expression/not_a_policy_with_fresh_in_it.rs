use auth_core::{policy, require};

policy!(pub Editor = role("editor") && fresh(300));

#[require(!Editor)]
async fn handler() {}

fn main() {}
