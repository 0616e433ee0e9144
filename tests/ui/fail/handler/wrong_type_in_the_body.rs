//! A mistake in the body is reported where it stands.

use auth_core::authenticated;

#[authenticated]
async fn me() -> String {
    let number: u32 = 7;
    number
}

fn main() {}
