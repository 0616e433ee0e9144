//! Alternating rounds: every case gets its turn in every round, so that a machine that becomes
//! slower becomes slower for all.

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::work::{Consuming, Repeated, Sampled, Work};

/// Whose code a case runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Side {
    /// What nobody can be better than: the signature alone, the route without a guard.
    Limit,
    Ours,
    Peer,
}

/// One thing to measure, again and again.
pub(crate) struct Case<'a> {
    name: String,
    what: String,
    side: Side,
    work: Box<dyn Work + 'a>,
}

impl<'a> Case<'a> {
    /// Measures how many microseconds of a core one call takes, which must wait for nothing. `what`
    /// says in plain words what the call does.
    pub(crate) fn timed<T>(
        name: impl Into<String>,
        what: impl Into<String>,
        side: Side,
        call: impl FnMut() -> T + 'a,
    ) -> Self {
        Self::new(name.into(), what.into(), side, Repeated::new(call))
    }

    /// The same for a call that uses up what `prepare` makes, which is not timed.
    pub(crate) fn consuming<I: 'a, T>(
        name: impl Into<String>,
        what: impl Into<String>,
        side: Side,
        prepare: impl FnMut() -> I + 'a,
        call: impl FnMut(I) -> T + 'a,
    ) -> Self {
        Self::new(name.into(), what.into(), side, Consuming::new(prepare, call))
    }

    /// Measures whatever `sample` returns, once in each round.
    pub(crate) fn sampled(
        name: impl Into<String>,
        what: impl Into<String>,
        side: Side,
        sample: impl FnMut() -> anyhow::Result<f64> + 'a,
    ) -> Self {
        Self::new(name.into(), what.into(), side, Sampled(sample))
    }

    fn new(name: String, what: String, side: Side, work: impl Work + 'a) -> Self {
        Self { name, what, side, work: Box::new(work) }
    }
}

/// What a case has come to, round by round.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub(crate) name: String,
    pub(crate) what: String,
    pub(crate) side: Side,
    pub(crate) samples: Vec<f64>,
    /// How often a call asks for memory, where calls are counted.
    pub(crate) allocations: Option<f64>,
}

impl Measured {
    pub(crate) fn median(&self) -> f64 {
        median(self.samples.clone())
    }

    pub(crate) fn min(&self) -> f64 {
        self.samples.iter().copied().fold(f64::INFINITY, f64::min)
    }

    pub(crate) fn max(&self) -> f64 {
        self.samples.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// The median of the rounds' own ratios: what a busy neighbour does to a round it does to both.
    pub(crate) fn ratio_to(&self, baseline: &Self) -> f64 {
        let rounds = self.samples.iter().zip(&baseline.samples);
        median(rounds.map(|(sample, baseline)| sample / baseline).collect())
    }
}

/// The case that is called so.
///
/// # Errors
/// If there is none.
pub(crate) fn named<'a>(measured: &'a [Measured], name: &str) -> anyhow::Result<&'a Measured> {
    let case = measured.iter().find(|case| case.name == name);
    case.with_context(|| format!("no case is called `{name}`"))
}

fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    let upper = samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN);
    if samples.len() % 2 == 1 {
        return upper;
    }
    let lower = samples.len().checked_sub(1).and_then(|last| samples.get(last / 2));
    lower.map_or(f64::NAN, |lower| f64::midpoint(*lower, upper))
}

/// Runs all cases `rounds` times. Each round begins with another one, so that none always comes
/// after the same.
///
/// # Errors
/// If a sample cannot be taken.
pub(crate) fn alternate(rounds: usize, mut cases: Vec<Case<'_>>) -> anyhow::Result<Vec<Measured>> {
    let mut measured: Vec<Measured> = cases
        .iter()
        .map(|case| Measured {
            name: case.name.clone(),
            what: case.what.clone(),
            side: case.side,
            samples: Vec::with_capacity(rounds),
            allocations: None,
        })
        .collect();
    // The first round only warms up.
    for round in 0..=rounds {
        let first = round % cases.len().max(1);
        let (before, from_first) = cases.split_at_mut(first);
        let (measured_before, measured_from_first) = measured.split_at_mut(first);
        let cases = from_first.iter_mut().chain(before);
        for (case, measured) in cases.zip(measured_from_first.iter_mut().chain(measured_before)) {
            let sample = case.work.sample()?;
            if round > 0 {
                measured.samples.push(sample);
            }
        }
    }
    for (case, measured) in cases.iter_mut().zip(&mut measured) {
        measured.allocations = case.work.allocations()?;
    }
    Ok(measured)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(samples: &[f64]) -> Measured {
        let (name, what) = (String::new(), String::new());
        Measured { name, what, side: Side::Ours, samples: samples.to_vec(), allocations: None }
    }

    #[test]
    fn a_median_is_in_the_middle() {
        for (samples, expected) in
            [(vec![3.0, 1.0, 2.0], 2.0), (vec![4.0, 1.0, 3.0, 2.0], 2.5), (vec![7.0], 7.0)]
        {
            assert_eq!(measured(&samples).median(), expected, "{samples:?}");
        }
        assert!(measured(&[]).median().is_nan());
    }

    #[test]
    fn a_ratio_is_taken_round_by_round() {
        let (ours, limit) = (measured(&[2.0, 20.0, 3.0]), measured(&[1.0, 10.0, 1.0]));
        assert_eq!(ours.ratio_to(&limit), 2.0);
    }

    #[test]
    fn every_case_is_asked_in_every_round_and_the_first_round_does_not_count() {
        let counts = [0, 1].map(std::cell::Cell::new);
        let case = |count: &std::cell::Cell<u32>| {
            count.set(count.get() + 10);
            Ok(f64::from(count.get()))
        };
        let [first, second] = &counts;
        let measured = alternate(
            2,
            vec![
                Case::sampled("first", "", Side::Ours, || case(first)),
                Case::sampled("second", "", Side::Peer, || case(second)),
            ],
        )
        .unwrap();
        let samples: Vec<_> = measured.into_iter().map(|case| case.samples).collect();
        assert_eq!(samples, [[20.0, 30.0], [21.0, 31.0]]);
    }
}
