//! No unguarded copy of the function is left to call.

use auth_core::authenticated;

#[authenticated]
async fn me() -> &'static str {
    "secret"
}

async fn around_the_guard() -> &'static str {
    me().await
}

fn main() {}
