use auth_core::require;

#[require("editor")]
async fn handler() {}

fn main() {}
