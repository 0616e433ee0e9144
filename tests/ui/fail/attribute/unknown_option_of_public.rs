use auth_core::public;

#[public(reason = "probe", and = "more")]
async fn handler() {}

fn main() {}
