use auth_core::{AuthError, Verification, require};

#[require(role("editor"), via = ctx, via = ctx)]
async fn posts(ctx: &Verification) -> Result<(), AuthError> {
    Ok(())
}

fn main() {}
