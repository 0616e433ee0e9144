//! What a figure should be.

use std::fmt;

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) measured: f64,
    pub(crate) bound: Bound,
    /// What the figures are, such as `× raw` or `µs`.
    pub(crate) unit: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Target {
    pub(crate) fn at_most(
        name: impl Into<String>,
        measured: f64,
        limit: f64,
        unit: impl Into<String>,
    ) -> Self {
        Self { name: name.into(), measured, bound: Bound::AtMost(limit), unit: unit.into() }
    }

    pub(crate) fn at_least(
        name: impl Into<String>,
        measured: f64,
        limit: f64,
        unit: impl Into<String>,
    ) -> Self {
        Self { name: name.into(), measured, bound: Bound::AtLeast(limit), unit: unit.into() }
    }

    pub(crate) fn verdict(&self) -> &'static str {
        if self.is_met() { "ok" } else { "short" }
    }

    pub(crate) fn wanted(&self) -> String {
        match self.bound {
            Bound::AtMost(limit) => format!("at most {limit} {}", self.unit),
            Bound::AtLeast(limit) => format!("at least {limit} {}", self.unit),
        }
    }

    pub(crate) fn is_met(&self) -> bool {
        match self.bound {
            Bound::AtMost(limit) => self.measured <= limit,
            Bound::AtLeast(limit) => self.measured >= limit,
        }
    }
}

/// `target NAME: ok FIGURE` or `target NAME: short FIGURE`, and then what was wanted.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, verdict, wanted) = (&self.name, self.verdict(), self.wanted());
        write!(f, "target {name}: {verdict} {:.3} ({wanted})", self.measured)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_says_whether_it_is_met() {
        for (target, line) in [
            (Target::at_most("cold", 1.15, 1.15, "× raw"), "ok 1.150 (at most 1.15 × raw)"),
            (Target::at_most("cold", 1.2, 1.15, "× raw"), "short 1.200 (at most 1.15 × raw)"),
            (Target::at_least("cold", 0.95, 0.95, "×"), "ok 0.950 (at least 0.95 ×)"),
            (Target::at_least("cold", 0.9, 0.95, "×"), "short 0.900 (at least 0.95 ×)"),
            (Target::at_most("cold", f64::NAN, 1.0, "×"), "short NaN (at most 1 ×)"),
        ] {
            assert_eq!(target.to_string(), format!("target cold: {line}"));
        }
    }
}
