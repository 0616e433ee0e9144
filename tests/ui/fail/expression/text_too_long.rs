use auth_core::require;

#[require(role("a-role-with-a-name-that-goes-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on"))]
async fn handler() {}

fn main() {}
