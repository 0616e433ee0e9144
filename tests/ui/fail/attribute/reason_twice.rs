use auth_core::public;

#[public(reason = "probe", reason = "load balancer")]
async fn handler() {}

fn main() {}
