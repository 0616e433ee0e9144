//! What has been found out, point by point, for people and for scripts.

use std::fmt::Write as _;
use std::io::{ErrorKind, Write as _};

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::Failure;
use super::escape::{escaped, escaped_json};

/// How a point has come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    Ok,
    Warning,
    Failed,
    /// A rule refuses the token.
    Refused,
    /// The answer is no, and refuses nothing.
    No,
    /// It cannot be said now.
    Unavailable,
    /// Something before it has ended the matter.
    NotReached,
    /// What it takes to ask has not been given.
    NotAsked,
    Skipped,
}

impl Outcome {
    fn label(self) -> (&'static str, Style) {
        let red = AnsiColor::Red.on_default().bold();
        let yellow = AnsiColor::Yellow.on_default();
        let dim = Style::new().dimmed();
        match self {
            Self::Ok => ("ok", AnsiColor::Green.on_default()),
            Self::Warning => ("warning", yellow),
            Self::Failed => ("FAILED", red),
            Self::Refused => ("REFUSED", red),
            Self::No => ("no", yellow),
            Self::Unavailable => ("UNAVAILABLE", red),
            Self::NotReached => ("not reached", dim),
            Self::NotAsked => ("not asked", dim),
            Self::Skipped => ("skipped", dim),
        }
    }
}

/// One point.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    pub(super) name: &'static str,
    pub(super) outcome: Outcome,
    /// What is the case.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) says: String,
    /// More of it, for people; scripts have it elsewhere.
    #[serde(skip)]
    pub(super) facts: Vec<(&'static str, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rule: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mend: Option<String>,
}

impl Finding {
    pub(super) fn new(name: &'static str, outcome: Outcome, says: impl Into<String>) -> Self {
        Self { name, outcome, says: says.into(), facts: Vec::new(), rule: None, mend: None }
    }

    pub(super) fn rule(mut self, rule: impl Into<String>) -> Self {
        self.rule = Some(rule.into());
        self
    }

    pub(super) fn mend(mut self, mend: impl Into<String>) -> Self {
        self.mend = Some(mend.into());
        self
    }
}

/// The points as aligned lines.
pub(super) fn lines(findings: &[Finding]) -> String {
    let width = findings.iter().map(|finding| finding.name.len()).max().unwrap_or_default();
    let indent = " ".repeat(width + 17);
    let mut text = String::new();
    for finding in findings {
        let (label, style) = finding.outcome.label();
        let (name, says) = (finding.name, escaped(&finding.says));
        let line = format!("  {style}{label:<11}{style:#}  {name:<width$}  {says}");
        let _ = writeln!(text, "{}", line.trim_end());
        for (name, value) in &finding.facts {
            let _ = writeln!(text, "{indent}{name}: {}", escaped(value));
        }
        for (name, value) in [("rule", &finding.rule), ("mend", &finding.mend)] {
            if let Some(value) = value {
                let _ = writeln!(text, "{indent}{name}: {}", escaped(value));
            }
        }
    }
    text
}

/// The last line.
pub(super) fn verdict(outcome: Outcome, text: &str) -> String {
    let (_, style) = outcome.label();
    format!("{style}{text}{style:#}\n")
}

pub(super) fn json(value: &impl Serialize) -> Result<String, Failure> {
    Ok(escaped_json(&serde_json::to_string_pretty(value)?) + "\n")
}

/// Prints, with colours on a terminal only. Whoever has read enough is no failure.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
