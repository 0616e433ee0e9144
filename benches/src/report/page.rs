//! One HTML page, with nothing from elsewhere.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::chart::{self, Scheme};
use crate::harness::{Outcome, Table, Target};

const STYLE: &str = include_str!("style.css");

/// # Errors
/// If a chart cannot be drawn.
pub(super) fn render(outcomes: &[Outcome]) -> anyhow::Result<String> {
    let sections = outcomes.iter().map(section).collect::<anyhow::Result<Vec<_>>>()?;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Benchmarks" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "Benchmarks" }
                p {
                    "Absolute times are those of one machine at one time; what carries over are "
                    "ratios, each of which is of cases that took turns in one run."
                }
                p.key {
                    span.limit { "the limit" }
                    span.ours { "ours" }
                    span.peer { "what else one could pick" }
                }
                @for section in sections { (section) }
            }
        }
    };
    Ok(page.into_string())
}

fn section(outcome: &Outcome) -> anyhow::Result<Markup> {
    let tables = outcome.tables.iter().map(table).collect::<anyhow::Result<Vec<_>>>()?;
    Ok(html! {
        section {
            h2 { (outcome.name) }
            p { (outcome.question) }
            @for table in tables { (table) }
            @if !outcome.targets.is_empty() { (targets(&outcome.targets)) }
            footer { p { (outcome.measured()) } p { "On: " (outcome.machine) "." } }
        }
    })
}

fn table(table: &Table) -> anyhow::Result<Markup> {
    let columns = table.columns();
    let figures = [table.unit.name(), "min", "max"];
    Ok(html! {
        h3 { (table.title) }
        (chart(table)?)
        table {
            thead {
                tr {
                    th { "case" }
                    th { "what it measures" }
                    @for figure in figures { th.figure { (figure) } }
                    @if let Some(baseline) = &table.baseline { th.figure { "to " (baseline) } }
                    @for column in &columns { th.figure { (column) } }
                }
            }
            tbody {
                @for row in &table.rows {
                    tr {
                        td { (row.case) }
                        td { (row.what) }
                        @for figure in [row.median, row.min, row.max] {
                            td.figure { (table.unit.write(figure)) }
                        }
                        @if table.baseline.is_some() { td.figure { (row.written_ratio()) } }
                        @for column in &columns { td.figure { (row.more(column)) } }
                    }
                }
            }
        }
        @for note in &table.notes { p.note { (note) } }
    })
}

fn chart(table: &Table) -> anyhow::Result<Markup> {
    let charts = (chart::svg(table, Scheme::Light)?, chart::svg(table, Scheme::Dark)?);
    let (Some(light), Some(dark)) = charts else {
        return Ok(html! {});
    };
    Ok(html! {
        figure {
            div.light { (PreEscaped(light)) }
            div.dark { (PreEscaped(dark)) }
            figcaption { (chart::caption(table)) }
        }
    })
}

fn targets(targets: &[Target]) -> Markup {
    html! {
        h3 { "Targets" }
        table {
            thead { tr { th { "target" } th { "" } th.figure { "measured" } th { "wanted" } } }
            tbody {
                @for target in targets {
                    tr {
                        td { (target.name) }
                        td.short[!target.is_met()] { (target.verdict()) }
                        td.figure { (format!("{:.3}", target.measured)) }
                        td { (target.wanted()) }
                    }
                }
            }
        }
    }
}
