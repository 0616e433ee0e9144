use auth_core::policy;

struct Suspended;

policy!(pub Editor = role("editor") && !Suspended);

fn main() {}
