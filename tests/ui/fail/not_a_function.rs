use auth_core::{authenticated, public, require_admin};

#[authenticated]
struct Handler;

#[require_admin]
const HANDLER: u32 = 7;

#[public(reason = "none")]
mod handlers {}

trait Handlers {
    #[authenticated]
    async fn without_a_body();
}

fn main() {}
