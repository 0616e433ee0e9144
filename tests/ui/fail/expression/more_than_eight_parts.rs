use auth_core::require;

#[require(role("a") || role("b") || role("c") || role("d") || role("e") || role("f") || role("g") || role("h") || role("i"))]
async fn handler() {}

fn main() {}
