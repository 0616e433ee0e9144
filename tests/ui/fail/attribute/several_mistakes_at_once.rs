//! All of them are told, not the first alone.

use auth_core::require;

struct Posts;

impl Posts {
    #[require(admn || role("") && (permission(" x") || fresh(0)) && email_domain("com"))]
    #[auth_core::authenticated]
    async fn list(&self) {}
}

fn main() {}
