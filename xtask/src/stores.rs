//! What instances share: the same tests over memory and over a real Redis.

use crate::command::{cargo, succeed};
use crate::installed;

pub(crate) fn check() -> Result<(), String> {
    installed::by_apt("redis-server")?;
    let mut test = cargo("test --package auth-core --no-default-features");
    test.args(["--features", "axum,redis", "--test", "memory", "--test", "redis"]);
    succeed(test)
}
