use auth_core::authenticated;

#[authenticated(role = "editor")]
async fn handler() {}

fn main() {}
