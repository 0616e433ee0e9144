use auth_core::{Verification, authenticated};

#[authenticated(via = ctx)]
fn posts(ctx: &Verification) {}

fn main() {}
