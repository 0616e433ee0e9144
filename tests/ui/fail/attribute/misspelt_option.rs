use auth_core::public;

#[public(reson = "probe")]
async fn handler() {}

fn main() {}
