use auth_core::{AuthError, Verification, require};

#[require(via = ctx)]
async fn posts(ctx: &Verification) -> Result<(), AuthError> {
    Ok(())
}

fn main() {}
