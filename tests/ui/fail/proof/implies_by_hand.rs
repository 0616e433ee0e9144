use auth_core::policy::{Admin, Authenticated, Implies};

struct OnMyWord;

impl Implies<Admin, OnMyWord> for Authenticated {}

fn main() {}
