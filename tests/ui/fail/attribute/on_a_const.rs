use auth_core::require_admin;

#[require_admin]
const HANDLER: u32 = 7;

fn main() {}
