//! A table as a chart: a bar for each case.

use charts_rs::{Color, HorizontalBarChart, Series, THEME_DARK, THEME_LIGHT};

use crate::harness::{Row, Side, Table};

const WIDTH: f32 = 900.0;
const BAR_HEIGHT: f32 = 30.0;
const AXIS_HEIGHT: f32 = 40.0;

/// The appearances that a page can have.
#[derive(Clone, Copy)]
pub(super) enum Scheme {
    Light,
    Dark,
}

/// An SVG image; `None` if there is nothing to compare.
///
/// # Errors
/// If it cannot be drawn.
pub(super) fn svg(table: &Table, scheme: Scheme) -> anyhow::Result<Option<String>> {
    let is_bar = |row: &Row| length(table, row).is_finite();
    if table.rows.len() < 2 || !table.rows.iter().all(is_bar) {
        return Ok(None);
    }
    // The chart counts rows from below.
    let bottom_up = || table.rows.iter().rev();
    let lengths = bottom_up().map(|row| length(table, row) as f32).collect::<Vec<_>>();
    let mut series = Series::new(String::new(), lengths);
    series.colors = Some(bottom_up().map(|row| Some(color(row.side))).collect());
    let names = bottom_up().map(|row| format!("{}: {}", row.case, figure(table, row))).collect();
    let theme = match scheme {
        Scheme::Light => THEME_LIGHT,
        Scheme::Dark => THEME_DARK,
    };
    let mut chart = HorizontalBarChart::new_with_theme(vec![series], names, theme);
    chart.width = WIDTH;
    chart.height = BAR_HEIGHT * table.rows.len() as f32 + AXIS_HEIGHT;
    chart.background_color = Color::transparent();
    chart.legend.show = Some(false);
    Ok(Some(chart.svg()?))
}

/// What the bars show, in words.
pub(super) fn caption(table: &Table) -> String {
    match &table.baseline {
        Some(baseline) => format!("{}, ratio to {baseline}", table.unit.name()),
        None => format!("{}, median", table.unit.name()),
    }
}

/// The ratio, or the median in a table without.
fn length(table: &Table, row: &Row) -> f64 {
    match (&table.baseline, row.ratio) {
        (Some(_), Some(ratio)) => ratio,
        _ => row.median,
    }
}

fn figure(table: &Table, row: &Row) -> String {
    match (&table.baseline, row.ratio) {
        (Some(_), Some(_)) => row.written_ratio(),
        _ => table.unit.write(row.median),
    }
}

fn color(side: Side) -> Color {
    match side {
        Side::Limit => (120, 128, 140),
        Side::Ours => (16, 150, 110),
        Side::Peer => (214, 120, 40),
    }
    .into()
}
