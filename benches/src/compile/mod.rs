//! What an attribute costs at compile time.

mod cpu_time;
mod package;

use clap::Args;

use self::package::{HANDLERS, Package, Workspace};
use crate::harness::{Case, Outcome, Side, Table, Target, Unit, alternate};

#[derive(Args)]
pub(crate) struct Options {
    /// How often each package is checked.
    #[arg(long, default_value_t = 9)]
    rounds: usize,
}

const PLAIN: &str = "plain";
const OURS: &str = "`#[authenticated]`";

/// The name of a case, of its package, what stands above each handler and before its arguments.
const CASES: [(&str, Side, Package); 5] = [
    (PLAIN, Side::Limit, Package { name: "plain", attribute: "", argument: "" }),
    (
        "one argument more",
        Side::Limit,
        Package {
            name: "argument",
            attribute: "",
            argument: "_: auth_core::Guard<auth_core::policy::Authenticated>, ",
        },
    ),
    (
        OURS,
        Side::Ours,
        Package { name: "authenticated", attribute: "#[auth_core::authenticated]", argument: "" },
    ),
    (
        "`#[protect]`",
        Side::Peer,
        Package {
            name: "protect",
            attribute: "#[actix_web_grants::protect(\"admin\")]",
            argument: "",
        },
    ),
    (
        "`#[instrument]`",
        Side::Peer,
        Package { name: "instrument", attribute: "#[tracing::instrument]", argument: "" },
    ),
];

pub(crate) fn run(options: &Options) -> anyhow::Result<Outcome> {
    let workspace = Workspace::create(CASES.map(|(_, _, package)| package))?;
    let cases = CASES.iter().map(|(name, side, package)| {
        let what = match (package.attribute, package.argument) {
            ("", "") => "nothing".to_owned(),
            ("", argument) => format!("`{}` by hand", argument.trim_end_matches(", ")),
            (attribute, _) => format!("`{attribute}`"),
        };
        let workspace = &workspace;
        let mut edition = 0;
        Case::sampled(*name, what, *side, move || {
            edition += 1;
            workspace.check(package, edition)
        })
    });
    let measured = alternate(options.rounds, cases.collect())?;

    let title = format!("{HANDLERS} handlers, and what stands above each of them");
    let mut table = Table::new(title, Unit::Milliseconds, &measured)
        .relative_to(PLAIN, &measured)?
        .note(
            "CPU time of `cargo check`, all its processes, after a change in the body of one handler. \
             Handlers have three arguments and twenty lines; every package loads the same crates.",
        );
    let plain = table.row(PLAIN)?.median;
    for case in &measured {
        let of_each = (case.median() - plain) * 1e3 / HANDLERS as f64;
        table.add(&case.name, "µs for each handler", format!("{of_each:.0}"))?;
    }
    let ratio = table.ratio(OURS)?;
    let question = "What an attribute on every handler adds to an incremental check.";
    let packages = ["auth-core", "actix-web-grants", "tracing-attributes"];
    Ok(Outcome::new("compile", question, &packages)?
        .table(table)
        .target(Target::at_most("compile", ratio, 1.1, "× plain")))
}
