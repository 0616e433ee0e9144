use auth_core::require;

struct Editor;

#[require(admin || role("editor") && Editor)]
async fn handler() {}

fn main() {}
