//! Requests per second, end to end.

mod measurements;
mod service;
mod wrk;

use std::cell::RefCell;
use std::thread;

use anyhow::ensure;
use clap::Args;

use self::measurements::{HOT, Measurement, ON_ACTIX, ON_AXUM, UNGUARDED};
use self::service::Running;
use self::wrk::Wrk;
use crate::harness::{Case, Measured, Outcome, Table, Target, Unit, alternate, named};
use crate::workload::{ISSUER, SigningKey, claims, key_set};

const PATH: &str = "/organizations/7/posts/42";

const SERVICE_CORE: usize = 0;
const WRK_CORE: usize = 1;

#[derive(Args)]
pub(crate) struct Options {
    /// How often each service gets its turn.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long each turn is.
    #[arg(long, default_value_t = 3)]
    seconds: u32,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<Outcome> {
    let cores = thread::available_parallelism()?.get();
    ensure!(cores > WRK_CORE, "one core for the service and one for wrk are needed, not {cores}");
    let keys = [SigningKey::rsa("key_1")?, SigningKey::rsa("key_2")?];
    let [_, key] = &keys;
    let token = key.sign(&claims(ISSUER, "user_01HZX3B1A2B3C4D5E6F7G8H9J0"))?;
    let key_set = key_set(&keys);
    let wrk = Wrk::new(&token, WRK_CORE)?;

    let measured = |title, measurements: &[Measurement]| {
        let running = start(measurements, &key_set, &token)?;
        let cpu_times: Vec<RefCell<Vec<f64>>> =
            running.iter().map(|_| RefCell::default()).collect();
        let turns = measurements.iter().zip(&running).zip(&cpu_times);
        let cases = turns.map(|((measurement, running), cpu_times)| {
            let Measurement { name, what, side, .. } = measurement;
            let (wrk, url) = (&wrk, running.url(PATH));
            Case::sampled(*name, *what, *side, move || {
                let before = running.cpu_time()?;
                let rate = wrk.measure(&url, options.seconds)?;
                let computed = running.cpu_time()?.saturating_sub(before).as_secs_f64();
                cpu_times.borrow_mut().push(computed * 1e6 / (rate * f64::from(options.seconds)));
                Ok(rate)
            })
        });
        let measured = alternate(options.rounds, cases.collect())?;
        let cpu_times = cpu_times.into_iter().map(RefCell::into_inner);
        let table = Table::new(title, Unit::RequestsPerSecond, &measured);
        with_cpu_times(table.relative_to(UNGUARDED, &measured)?, measured, cpu_times)
    };
    let on_axum = measured("axum", &ON_AXUM)?;
    let on_actix = measured("actix-web", &ON_ACTIX)?;

    let question = "Requests per second over 32 connections, the service on one core and wrk on \
                    another. Ratios are medians of the rounds' own.";
    let packages = [
        "auth-core",
        "axum",
        "actix-web",
        "jsonwebtoken",
        "axum-jwt-auth",
        "jwt-authorizer",
        "tower-oauth2-resource-server",
        "actix-web-httpauth",
        "actix-web-grants",
    ];
    let target = |name, table: &Table| {
        Ok::<_, anyhow::Error>(Target::at_least(name, table.ratio(HOT)?, 0.95, "× unguarded"))
    };
    let targets = [target("serve axum hot", &on_axum)?, target("serve actix hot", &on_actix)?];
    let outcome = Outcome::new("serve", question, &packages)?.table(on_axum).table(on_actix);
    Ok(targets.into_iter().fold(outcome, Outcome::target))
}

/// Adds how long the service computes for a request: who else has a turn on its core matters less.
fn with_cpu_times(
    mut table: Table,
    rates: Vec<Measured>,
    cpu_times: impl Iterator<Item = Vec<f64>>,
) -> anyhow::Result<Table> {
    // The first round only warmed up.
    let without_first = |times: Vec<f64>| times.into_iter().skip(1).collect();
    let times = rates.into_iter().zip(cpu_times);
    let times = times.map(|(rate, times)| Measured { samples: without_first(times), ..rate });
    let times: Vec<Measured> = times.collect();
    let unguarded = named(&times, UNGUARDED)?;
    for case in &times {
        table.add(&case.name, "CPU µs a request", format!("{:.1}", case.median()))?;
        table.add(&case.name, "CPU to unguarded", format!("{:.2}", case.ratio_to(unguarded)))?;
    }
    Ok(table)
}

/// Starts every service, and sees that it answers as it should: a service that refuses everybody, or
/// nobody, would be fast.
fn start(measurements: &[Measurement], key_set: &str, token: &str) -> anyhow::Result<Vec<Running>> {
    let started = measurements.iter().map(|Measurement { service, .. }| {
        let running = Running::start(*service, key_set, SERVICE_CORE)?;
        let without_token = if service.is_guarded() { 401 } else { 200 };
        for (token, expected) in [(Some(token), 200), (None, without_token)] {
            let status = running.status(PATH, token)?;
            let which = if token.is_some() { "with" } else { "without" };
            ensure!(
                status == expected,
                "{} answers {status} to a request {which} a token, not {expected}",
                service.name()
            );
        }
        Ok(running)
    });
    started.collect()
}
