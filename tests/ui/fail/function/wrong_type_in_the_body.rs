//! A mistake in the body is reported where it stands.

use auth_core::{AuthError, Verification, authenticated};

#[authenticated(via = ctx)]
async fn posts(ctx: &Verification) -> Result<String, AuthError> {
    let number: u32 = 7;
    Ok(number)
}

fn main() {}
