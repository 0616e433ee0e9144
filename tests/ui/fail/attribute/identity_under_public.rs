use auth_core::{Identity, public};

#[public(reason = "says hello")]
async fn hello(caller: Identity, again: auth_core::Identity) -> String {
    format!("{} {}", caller.subject(), again.subject())
}

fn main() {}
