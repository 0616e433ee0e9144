//! Strangers with invented key ids, and a key server that hangs.

mod clock;
mod key_server;
mod open_files;
mod service;
mod traffic;

use std::cell::RefCell;

use anyhow::ensure;
use clap::Args;

use self::service::Storm;
use self::traffic::Traffic;
use crate::harness::{Case, Outcome, Side, Table, Target, Unit, alternate, named};
use crate::ours::{CACHE, NO_CACHE};

#[derive(Args)]
pub(crate) struct Options {
    /// How many storms each service meets, each beside a calm of the same length.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

const HOT: &str = "ours, hot";
const COLD: &str = "ours, cold";
const PEER: &str = "jwt-authorizer";

pub(crate) fn run(options: &Options) -> anyhow::Result<Outcome> {
    open_files::allow_many()?;
    let storms = [
        Storm::of_ours(HOT, CACHE)?,
        Storm::of_ours(COLD, NO_CACHE)?,
        Storm::of_jwt_authorizer(PEER)?,
    ];
    let seen: Vec<RefCell<Seen>> = storms.iter().map(|_| RefCell::default()).collect();
    let cases = storms.iter().zip(&seen).flat_map(|(storm, seen)| {
        let side = if storm.name == PEER { Side::Peer } else { Side::Ours };
        let case = |name, what, traffic| {
            Case::sampled(name, what, side, move || seen.borrow_mut().round(storm, traffic))
        };
        [
            case(storm.name.to_owned(), "calm: 500 good requests a second", Traffic::Calm),
            case(stormy(storm.name), storm.what, Traffic::Storm),
        ]
    });
    let measured = alternate(options.rounds, cases.collect())?;

    let mut table = Table::new("The slowest hundredth of the good requests", Unit::Milliseconds, &measured)
        .note(
            "A storm: for a second 1,000 requests with as many unknown key ids, while the key server \
             does not answer for six seconds; then 1,000 more. Requests are sent when they are due, \
             whatever becomes of those before, and counted from then.",
        )
        .note(
            "Our cooldown of 30 seconds passes before each storm, by a clock that is moved. \
             jwt-authorizer's refresh interval is 2 seconds here, not 10 minutes, for its clock \
             cannot be moved: what a storm shows comes once in that time.",
        );
    let mut ratios = Vec::new();
    for (storm, seen) in storms.iter().zip(&seen) {
        let name = stormy(storm.name);
        let ratio = named(&measured, &name)?.ratio_to(named(&measured, storm.name)?);
        let seen = seen.borrow();
        table.add(&name, "to calm", format!("{ratio:.2}"))?;
        table.add(&name, "fetches in a storm, at most", seen.fetches)?;
        table.add(&name, "good requests refused", seen.refused)?;
        ratios.push(ratio);
        if storm.name != PEER {
            ensure!(seen.fetches > 0, "{name}: no stranger has caused a fetch");
            ensure!(seen.refused == 0, "{name}: {} good requests were refused", seen.refused);
        }
    }
    let fetches = storms.iter().zip(&seen).filter(|(storm, _)| storm.name != PEER);
    let fetches = fetches.map(|(_, seen)| seen.borrow().fetches).max().unwrap_or_default();
    let [hot, cold, _] = ratios.as_slice() else { anyhow::bail!("there are three services") };

    let question = "How long good requests take beside strangers with invented key ids, while the \
                    key server hangs; over sockets, each service on one thread.";
    Ok(Outcome::new("storm", question, &["auth-core", "axum", "jwt-authorizer"])?
        .table(table)
        .target(Target::at_most("storm fetches", fetches as f64, 1.0, "in a cooldown"))
        .target(Target::at_most("storm hot", *hot, 2.0, "× calm"))
        .target(Target::at_most("storm cold", *cold, 2.0, "× calm")))
}

fn stormy(name: &str) -> String {
    format!("{name}, storm")
}

/// What else has happened to a service.
#[derive(Default)]
struct Seen {
    /// Of the storm with most.
    fetches: u64,
    refused: usize,
}

impl Seen {
    fn round(&mut self, storm: &Storm, traffic: Traffic) -> anyhow::Result<f64> {
        let fetches_before = storm.fetches();
        let round = storm.round(traffic)?;
        self.fetches = self.fetches.max(storm.fetches() - fetches_before);
        self.refused += round.refused;
        round.percentile(0.99)
    }
}
