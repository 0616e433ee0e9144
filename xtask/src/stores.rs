//! What instances share: the same tests over memory and over a real Redis.

use std::process::Command;

use crate::step::{cargo, is_installed, succeed};

pub(crate) fn check() -> Result<(), String> {
    install_redis()?;
    let mut test = cargo("test --package auth-core --no-default-features");
    test.args(["--features", "axum,redis", "--test", "memory", "--test", "redis"]);
    succeed(test)
}

pub(crate) fn install_redis() -> Result<(), String> {
    if is_installed("redis-server") {
        return Ok(());
    }
    println!("redis-server is not installed; installing it");
    let mut apt = Command::new("apt-get");
    apt.args(["install", "--yes", "redis-server"]);
    succeed(apt).map_err(|error| format!("{error}; install redis-server by hand"))
}
