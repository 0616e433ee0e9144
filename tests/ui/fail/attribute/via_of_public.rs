use auth_core::public;

#[public(reason = "probe", via = ctx)]
async fn handler() {}

fn main() {}
