use auth_core::{AuthError, authenticated};

#[authenticated(via = ctx)]
async fn posts() -> Result<(), AuthError> {
    Ok(())
}

fn main() {}
