use auth_core::policy;

policy!(pub admin = role("editor"));

fn main() {}
