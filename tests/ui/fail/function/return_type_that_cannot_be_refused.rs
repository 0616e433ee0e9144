use auth_core::{Verification, authenticated};

#[authenticated(via = ctx)]
async fn posts(ctx: &Verification) -> Vec<String> {
    Vec::new()
}

fn main() {}
