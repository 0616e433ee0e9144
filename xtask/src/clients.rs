//! Real clients, unmodified, against `auth-dev`: a line for each client and flow.

use std::process::Command;

use crate::built;
use crate::command::cargo;
use crate::npm::npm_ci;
use crate::verdicts::Verdicts;

const NODE: &str = "tests/clients/node";
const NODE_CLIENTS: [&str; 5] = ["workos", "shared_session", "authkit", "jose", "jsonwebtoken"];
const RUST: &str = "run --quiet --manifest-path tests/clients/rust/Cargo.toml --target-dir";

pub(crate) fn check() -> Result<(), String> {
    npm_ci(NODE)?;
    let (auth_dev, example) = (built::auth_dev()?, built::example("axum")?);
    let mut clients: Vec<Command> = NODE_CLIENTS
        .map(|client| {
            let mut node = Command::new("node");
            node.arg(format!("{NODE}/{client}.mjs"));
            node.env("AUTH_DEV", &auth_dev).env("EXAMPLE", &example);
            node
        })
        .into();
    let mut rust = cargo(RUST);
    rust.arg(built::target()?);
    clients.push(rust);

    let mut flows = Verdicts::default();
    for mut client in clients {
        if let Err(why) = flows.count("client", &mut client) {
            println!("client of {client:?}: FAILED: {why}");
            flows.cases += 1;
            flows.failed += 1;
        }
    }
    println!("{} flows, {} failed", flows.cases, flows.failed);
    if flows.failed == 0 { Ok(()) } else { Err("a client differs".to_owned()) }
}
