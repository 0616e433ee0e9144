//! How the tests run the command.

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use auth_dev::{AuthDev, Config};
use tokio::process::Command;

/// The JWT template of the recipe, which does not say whether an address is verified.
pub(crate) const RECIPE: &str = r#"{"email": "{{user.email}}", "name": "{{user.first_name}}"}"#;

/// The command, without what the environment of the tests sets.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_auth-dev"));
    for (name, _) in std::env::vars() {
        if name.contains("WORKOS") || name.starts_with("VITE_") {
            command.env_remove(name);
        }
    }
    command.env_remove("ADMIN_DOMAIN").env_remove("CLICOLOR_FORCE").args(arguments);
    command
}

pub(crate) async fn auth_dev(arguments: &[&str]) -> Output {
    command(arguments).output().await.unwrap()
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A server that the command can ask.
pub(crate) async fn server() -> AuthDev {
    server_with(|_| {}).await
}

pub(crate) async fn server_with(change: impl FnOnce(&mut Config)) -> AuthDev {
    let mut config = Config::default();
    change(&mut config);
    AuthDev::start(config).await.unwrap()
}

pub(crate) fn seed_file(name: &str, toml: &str) -> PathBuf {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.toml"));
    fs::write(&file, toml).unwrap();
    file
}
