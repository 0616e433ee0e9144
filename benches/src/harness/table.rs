//! Tables, as Markdown.

use std::fmt;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::rounds::{Measured, Side, named};

/// The column that shows how often a call asks for memory.
const ALLOCATIONS: &str = "allocations";

/// What the figures of a table count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Unit {
    Microseconds,
    Milliseconds,
    Seconds,
    RequestsPerSecond,
    Bytes,
}

impl Unit {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Microseconds => "µs",
            Self::Milliseconds => "ms",
            Self::Seconds => "s",
            Self::RequestsPerSecond => "requests/s",
            Self::Bytes => "bytes",
        }
    }

    pub(crate) fn write(self, figure: f64) -> String {
        match self {
            Self::Microseconds if figure < 1.0 => format!("{figure:.3}"),
            Self::Microseconds | Self::Milliseconds | Self::Seconds => format!("{figure:.2}"),
            Self::RequestsPerSecond | Self::Bytes => format!("{figure:.0}"),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Table {
    pub(crate) title: String,
    pub(crate) unit: Unit,
    /// The case that the ratios are to.
    pub(crate) baseline: Option<String>,
    pub(crate) rows: Vec<Row>,
    /// What a reader must know to read it rightly.
    pub(crate) notes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) case: String,
    pub(crate) what: String,
    pub(crate) side: Side,
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) ratio: Option<f64>,
    /// Further columns, by name.
    pub(crate) more: Vec<(String, String)>,
}

impl Table {
    pub(crate) fn new(title: impl Into<String>, unit: Unit, measured: &[Measured]) -> Self {
        let rows = measured.iter().map(|case| Row {
            case: case.name.clone(),
            what: case.what.clone(),
            side: case.side,
            median: case.median(),
            min: case.min(),
            max: case.max(),
            ratio: None,
            more: case
                .allocations
                .map(|count| (ALLOCATIONS.to_owned(), write_count(count)))
                .into_iter()
                .collect(),
        });
        Self { title: title.into(), unit, baseline: None, rows: rows.collect(), notes: Vec::new() }
    }

    /// Adds the ratios to one of the cases, round by round.
    ///
    /// # Errors
    /// If there is no such case.
    pub(crate) fn relative_to(
        mut self,
        baseline: &str,
        measured: &[Measured],
    ) -> anyhow::Result<Self> {
        let base = named(measured, baseline)?;
        for case in measured {
            self.row_mut(&case.name)?.ratio = Some(case.ratio_to(base));
        }
        self.baseline = Some(baseline.to_owned());
        Ok(self)
    }

    /// Adds a figure of another kind to a row: every row that has none shows `–`.
    ///
    /// # Errors
    /// If there is no such case.
    pub(crate) fn add(
        &mut self,
        case: &str,
        column: &str,
        figure: impl fmt::Display,
    ) -> anyhow::Result<()> {
        self.row_mut(case)?.more.push((column.to_owned(), figure.to_string()));
        Ok(())
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// # Errors
    /// If there is no such case.
    pub(crate) fn row(&self, case: &str) -> anyhow::Result<&Row> {
        let row = self.rows.iter().find(|row| row.case == case);
        row.with_context(|| format!("no case is called `{case}`"))
    }

    fn row_mut(&mut self, case: &str) -> anyhow::Result<&mut Row> {
        let row = self.rows.iter_mut().find(|row| row.case == case);
        row.with_context(|| format!("no case is called `{case}`"))
    }

    /// # Errors
    /// If there is no such case, or the table has no ratios.
    pub(crate) fn ratio(&self, case: &str) -> anyhow::Result<f64> {
        self.row(case)?.ratio.with_context(|| format!("`{case}` has no ratio"))
    }

    /// The further columns, in the order in which they first come up.
    pub(crate) fn columns(&self) -> Vec<&str> {
        let mut columns = Vec::new();
        for (column, _) in self.rows.iter().flat_map(|row| &row.more) {
            if !columns.contains(&column.as_str()) {
                columns.push(column.as_str());
            }
        }
        columns
    }
}

fn write_count(count: f64) -> String {
    let nearest = count.round();
    if (count - nearest).abs() < 0.05 { format!("{nearest:.0}") } else { format!("{count:.1}") }
}

impl Row {
    pub(crate) fn written_ratio(&self) -> String {
        match self.ratio {
            Some(ratio) if ratio < 0.1 => format!("{ratio:.4}"),
            Some(ratio) => format!("{ratio:.2}"),
            None => "–".to_owned(),
        }
    }

    pub(crate) fn more(&self, column: &str) -> &str {
        let found = self.more.iter().find(|(name, _)| name == column);
        found.map_or("–", |(_, figure)| figure)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.columns();
        let unit = self.unit.name();
        writeln!(f, "### {}\n", self.title)?;
        write!(f, "| case | what it measures | {unit}, median | min | max |")?;
        if let Some(baseline) = &self.baseline {
            write!(f, " to {baseline} |")?;
        }
        for column in &columns {
            write!(f, " {column} |")?;
        }
        writeln!(f, "\n|---|---|---:|---:|---:|{}", {
            "---:|".repeat(columns.len() + usize::from(self.baseline.is_some()))
        })?;
        for row in &self.rows {
            let [median, min, max] = [row.median, row.min, row.max].map(|it| self.unit.write(it));
            write!(f, "| {} | {} | {median} | {min} | {max} |", row.case, row.what)?;
            if self.baseline.is_some() {
                write!(f, " {} |", row.written_ratio())?;
            }
            for column in &columns {
                write!(f, " {} |", row.more(column))?;
            }
            writeln!(f)?;
        }
        self.notes.iter().try_for_each(|note| write!(f, "\n{note}\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_shows_ratios_and_further_columns() {
        let case = |name: &str, samples: &[f64]| Measured {
            name: name.into(),
            what: format!("what {name} does"),
            side: Side::Ours,
            samples: samples.to_vec(),
            allocations: Some(0.0).filter(|_| name == "hot"),
        };
        let measured = [case("raw", &[10.0, 20.0]), case("hot", &[0.5, 1.0])];
        let table = Table::new("Verify", Unit::Microseconds, &measured);
        let mut table = table.relative_to("raw", &measured).unwrap().note("A note.");
        table.add("raw", "bytes", 8).unwrap();
        let expected = "\
### Verify

| case | what it measures | µs, median | min | max | to raw | bytes | allocations |
|---|---|---:|---:|---:|---:|---:|---:|
| raw | what raw does | 15.00 | 10.00 | 20.00 | 1.00 | 8 | – |
| hot | what hot does | 0.750 | 0.500 | 1.00 | 0.0500 | – | 0 |

A note.
";
        assert_eq!(table.to_string(), expected);
        assert!(table.add("cold", "bytes", 1).is_err());
    }
}
