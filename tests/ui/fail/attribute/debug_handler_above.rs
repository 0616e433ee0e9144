//! An attribute above sees the function without the guard: the guard stands on top.

use auth_core::authenticated;

#[axum::debug_handler]
#[authenticated]
async fn me(_body: String) {}

fn main() {}
