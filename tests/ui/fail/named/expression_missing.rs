use auth_core::policy;

policy!(pub Editor =);

fn main() {}
