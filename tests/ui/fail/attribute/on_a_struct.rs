use auth_core::authenticated;

#[authenticated]
struct Handler;

fn main() {}
