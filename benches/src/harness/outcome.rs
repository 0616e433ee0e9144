//! All that a benchmark says.

use std::fmt::{self, Write};
use std::fs;
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::{Machine, Table, Target, Version};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// The subcommand.
    pub(crate) name: String,
    /// What it asks, in a sentence.
    pub(crate) question: String,
    pub(crate) machine: Machine,
    pub(crate) versions: Vec<Version>,
    pub(crate) tables: Vec<Table>,
    pub(crate) targets: Vec<Target>,
}

impl Outcome {
    /// `packages` are those whose versions matter.
    ///
    /// # Errors
    /// If the lock file does not have one of them.
    pub(crate) fn new(name: &str, question: &str, packages: &[&str]) -> anyhow::Result<Self> {
        Ok(Self {
            name: name.to_owned(),
            question: question.to_owned(),
            machine: Machine::this(),
            versions: Version::of(packages)?,
            tables: Vec::new(),
            targets: Vec::new(),
        })
    }

    pub(crate) fn table(mut self, table: Table) -> Self {
        self.tables.push(table);
        self
    }

    pub(crate) fn target(mut self, target: Target) -> Self {
        self.targets.push(target);
        self
    }

    /// # Errors
    /// If the file is not there or is none that [`write`](Self::write) has written.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read(path).with_context(|| path.display().to_string())?;
        serde_json::from_slice(&text).with_context(|| {
            format!("{} is not of this version's benchmarks; run them again", path.display())
        })
    }

    /// # Errors
    /// If the file cannot be written.
    pub(crate) fn write(&self, path: &Path) -> anyhow::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        }
        let json = serde_json::to_string_pretty(self)?;
        fs::write(path, json + "\n").with_context(|| path.display().to_string())
    }
}

impl Outcome {
    /// The versions, in a sentence.
    pub(crate) fn measured(&self) -> String {
        let versions = self.versions.iter().map(|it| format!("{} {}", it.package, it.version));
        format!("Measured: {}.", versions.collect::<Vec<_>>().join(", "))
    }

    /// All but the targets.
    fn write_tables(&self, f: &mut impl fmt::Write) -> fmt::Result {
        writeln!(f, "## {}\n\n{}\n", self.name, self.question)?;
        self.tables.iter().try_for_each(|table| writeln!(f, "{table}"))?;
        writeln!(f, "{}\n\nOn: {}.\n", self.measured(), self.machine)
    }

    /// A section of a Markdown document.
    pub(crate) fn to_markdown(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        self.write_tables(&mut text)?;
        if !self.targets.is_empty() {
            text.push_str("| target | | measured | wanted |\n|---|---|---:|---|\n");
        }
        for target in &self.targets {
            let (verdict, wanted) = (target.verdict(), target.wanted());
            writeln!(text, "| {} | {verdict} | {:.3} | {wanted} |", target.name, target.measured)?;
        }
        Ok(text)
    }
}

/// The last lines are those of the targets.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_tables(f)?;
        self.targets.iter().try_for_each(|target| writeln!(f, "{target}"))
    }
}
