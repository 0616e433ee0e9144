use auth_core::{AuthError, authenticated};

struct Context;

#[authenticated(via = ctx)]
async fn posts(ctx: &Context) -> Result<(), AuthError> {
    Ok(())
}

fn main() {}
