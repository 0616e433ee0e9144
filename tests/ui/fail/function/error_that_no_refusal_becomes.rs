use auth_core::{Verification, authenticated};

struct Error;

#[authenticated(via = ctx)]
async fn posts(ctx: &Verification) -> Result<(), Error> {
    Ok(())
}

fn main() {}
