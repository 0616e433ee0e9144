//! Instances of the examples, alone and on one Redis, while things go wrong: a line for each case.

use crate::command::{cargo, output_of, succeed};
use crate::{built, installed};

pub(crate) fn check() -> Result<(), String> {
    installed::by_apt("redis-server")?;
    built::examples(&["axum", "actix"])?;
    succeed(cargo("test --workspace --test cluster --no-run"))?;
    let mut test = cargo("test --quiet --workspace --test cluster");
    test.args(["--", "--ignored", "--nocapture", "--test-threads", "1"]);
    let (passed, output) = output_of(&mut test)?;
    let cases = output.lines().filter_map(|line| line.split_once("cluster ").map(|(_, case)| case));
    let cases: Vec<&str> = cases.filter(|case| case.contains(": ok: ")).collect();
    for case in &cases {
        println!("{case}");
    }
    println!("{} cases, {}", cases.len(), if passed { "all ok" } else { "one failed" });
    if passed && !cases.is_empty() {
        Ok(())
    } else {
        Err(format!("the cluster differs:\n{output}"))
    }
}
