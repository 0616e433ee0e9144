use auth_core::policy;

policy!(pub Editor role("editor"));

fn main() {}
