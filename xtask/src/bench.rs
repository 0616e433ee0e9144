//! Measures the guards, beside the limit and beside what else one could pick.

use crate::command::{cargo, succeed};

const BENCHMARKS: [&str; 5] = ["verify", "serve", "compile", "storm", "growth"];

/// `arguments` are the name of a benchmark, `steps`, or `report`, and what goes to it, such as
/// `--json FILE`. Without a name all benchmarks run; what they say is kept for `report`.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let (names, options) = match arguments {
        [name, options @ ..] if !name.starts_with('-') => (vec![name.as_str()], options),
        options if options.iter().any(|option| option == "--json") => {
            return Err("`--json FILE` is for one benchmark: name it before".to_owned());
        }
        options => (BENCHMARKS.to_vec(), options),
    };
    names.into_iter().try_for_each(|name| {
        if name == "steps" {
            return succeed(cargo("bench --quiet --manifest-path benches/Cargo.toml"));
        }
        let mut bench = cargo("run --quiet --release --manifest-path benches/Cargo.toml --");
        bench.arg(name).args(options);
        succeed(bench)
    })
}
