use auth_core::policy::{Admin, Implies};
use auth_core::policy;

policy!(pub Editor = role("editor"));

struct OnMyWord;

impl Implies<Admin, OnMyWord> for Editor {}

fn main() {}
