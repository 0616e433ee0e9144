use auth_core::policy;

policy!(role("editor"));

fn main() {}
