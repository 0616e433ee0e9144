//! A good token.

use anyhow::Context;

use super::Subject;
use super::ours::{COLD, HOT, Ours, TWO_THREADS, WALKING};
use super::peers::Peers;
use super::raw::{RAW, Raw};
use super::session::{InRoute, WITH_SESSION, WITH_TOKEN};
use crate::harness::{Measured, Outcome, Table, Target, Unit, alternate, named};
use crate::workload::{ISSUER, many};

/// How many tokens are walked through.
const MANY: usize = 10_000;

/// Everybody verifies with aws-lc, or with *ring* where nothing else can be had.
pub(super) fn at_their_best(
    outcome: Outcome,
    subject: &Subject,
    rounds: usize,
) -> anyhow::Result<Outcome> {
    let (raw, ours, peers) = (Raw::new(subject)?, Ours::new(subject)?, Peers::new(subject)?);
    let in_route = InRoute::new(subject)?;
    let many = many(subject.key(), ISSUER, MANY)?;
    let cases = vec![
        raw.parsed(),
        raw.rebuilt(),
        ours.cold(),
        ours.hot(),
        ours.two_threads(),
        ours.walking(&many)?,
        in_route.token(),
        in_route.session(),
        peers.by_hand("aws-lc"),
        peers.axum_jwt_auth("aws-lc forced"),
        peers.jwt_authorizer(),
        peers.tower_oauth2("aws-lc"),
    ];
    let measured = alternate(rounds, cases)?;
    let table = Table::new("A good token, everybody at their best", Unit::Microseconds, &measured)
        .relative_to(RAW, &measured)?
        .note(format!(
            "One RS256 token with a 2048-bit key, {} bytes, all claims of WorkOS; a key set of two \
             keys, two issuers. All check signature, `exp`, `iss`, `aud` and find the key by \
             `kid`; ours also checks what its security rules ask for. Peers fill a struct of the \
             claims. axum-jwt-auth has no feature for aws-lc: here another crate installs it.",
            subject.token.len()
        ))
        .note(
            "Times are those that the thread has a core for, so that a busy machine's other work \
             is not in them. Two threads are looked at while both have a core, which a busy machine may \
             not grant: then they meet less often, and the figure is too good.",
        )
        .note(format!(
            "The two guarded routes are whole requests within the process, so that what a session costs \
             is the difference: its cookie has {} bytes.",
            in_route.cookie_len()
        ))
        .note("Allocations are those of Rust code; what aws-lc itself allocates in C is not seen.");
    Ok(with_targets(outcome, &table, &measured)?.table(table))
}

fn with_targets(outcome: Outcome, table: &Table, measured: &[Measured]) -> anyhow::Result<Outcome> {
    let [cold, hot, walking, two_threads] =
        [COLD, HOT, WALKING, TWO_THREADS].map(|name| named(measured, name));
    let (cold, hot) = (cold?, hot?);
    let allocations = |case: &Measured| case.allocations.context("no call was counted");
    let together = two_threads?.ratio_to(hot);
    let session = named(measured, WITH_SESSION)?.median() - named(measured, WITH_TOKEN)?.median();
    Ok(outcome
        .target(Target::at_most("verify-cold", table.ratio(COLD)?, 1.15, "× raw aws-lc"))
        .target(Target::at_most("verify-cold-allocations", allocations(cold)?, 6.0, "allocations"))
        .target(Target::at_most("verify-hot", hot.median(), 0.15, "µs"))
        .target(Target::at_most("verify-hot-walking", walking?.median(), 1.2, "µs"))
        .target(Target::at_most("verify-hot-allocations", allocations(hot)?, 0.0, "allocations"))
        .target(Target::at_most("verify-hot-two-threads", together, 2.0, "× one thread"))
        .target(Target::at_most("verify-session", session, 5.0, "µs over a token")))
}

/// What one gets who only adds the dependency: RustCrypto.
pub(super) fn as_shipped(subject: &Subject, rounds: usize) -> anyhow::Result<Table> {
    let (raw, ours, peers) = (Raw::new(subject)?, Ours::new(subject)?, Peers::new(subject)?);
    let cases = vec![
        raw.parsed(),
        ours.cold(),
        peers.by_hand("RustCrypto"),
        peers.axum_jwt_auth("as shipped (RustCrypto)"),
        peers.tower_oauth2("default features (RustCrypto)"),
    ];
    let measured = alternate(rounds, cases)?;
    let table = Table::new("A good token, peers as shipped", Unit::Microseconds, &measured);
    Ok(table.relative_to(RAW, &measured)?.note(
        "In a process of its own, since `jsonwebtoken` has one crypto provider for a process. \
         `jsonwebtoken` itself has no default: its user chooses. jwt-authorizer is above, as \
         shipped.",
    ))
}
