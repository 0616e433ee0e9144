use auth_core::policy;

policy!(pub struct Editor = role("editor"));

fn main() {}
