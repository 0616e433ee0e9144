use auth_core::require;

#[require(auth_core::policy::Public<Probe> && role("a"))]
async fn handler() {}

fn main() {}
