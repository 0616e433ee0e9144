use auth_core::authenticated;

#[authenticated]
pub enum Handler {}

fn main() {}
