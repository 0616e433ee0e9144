use auth_core::public;

#[public("probe")]
async fn handler() {}

fn main() {}
