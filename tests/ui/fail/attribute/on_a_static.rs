use auth_core::require_admin;

#[require_admin]
pub static HANDLER: u32 = 7;

fn main() {}
