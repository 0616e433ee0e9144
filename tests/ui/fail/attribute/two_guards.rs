use auth_core::{authenticated, require_admin};

#[authenticated]
#[require_admin]
async fn both() {}

fn main() {}
