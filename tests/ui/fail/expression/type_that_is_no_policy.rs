use auth_core::require;

struct Editor;

#[require(Editor)]
async fn handler() {}

fn main() {}
