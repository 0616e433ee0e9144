//! axum's own router calls the function with the guard that it names, and no other.

use auth_core::policy::Authenticated;
use auth_core::{Guard, require_admin};

#[require_admin]
async fn delete_everything() {}

async fn around_the_guard(caller: Guard<Authenticated>) {
    delete_everything(caller).await;
}

fn main() {}
