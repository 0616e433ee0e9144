//! A table as a chart: a bar for each case.

use anyhow::Context;
use charts_rs::{AxisScale, Color, HorizontalBarChart, Series, THEME_DARK, THEME_LIGHT};

use crate::harness::{Row, Side, Table};

/// Beyond this much between the longest and the shortest bar, lengths are logarithms.
const LINEAR_SPAN: f64 = 30.0;

const WIDTH: f32 = 900.0;
const BAR_HEIGHT: f32 = 30.0;

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
    let rows: Vec<(&Row, f64)> = table.rows.iter().map(|row| (row, length(table, row))).collect();
    let lengths = || rows.iter().map(|(_, length)| *length);
    if rows.len() < 2 || lengths().any(|length| !length.is_finite() || length <= 0.0) {
        return Ok(None);
    }
    let (shortest, longest) =
        (lengths().fold(f64::INFINITY, f64::min), lengths().fold(0.0, f64::max));

    // The chart counts rows from below.
    let bottom_up = || rows.iter().rev();
    let mut series = Series::new(
        String::new(),
        bottom_up().map(|(_, length)| *length as f32).collect::<Vec<_>>(),
    );
    series.label_show = true;
    series.colors = Some(bottom_up().map(|(row, _)| Some(color(row.side))).collect());
    let names = bottom_up().map(|(row, _)| row.case.clone()).collect();
    let theme = match scheme {
        Scheme::Light => THEME_LIGHT,
        Scheme::Dark => THEME_DARK,
    };
    let mut chart = HorizontalBarChart::new_with_theme(vec![series], names, theme);
    chart.width = WIDTH;
    chart.height = BAR_HEIGHT * rows.len() as f32 + 60.0;
    chart.background_color = Color::transparent();
    chart.legend.show = Some(false);
    if longest / shortest > LINEAR_SPAN {
        let axis = chart.y_axis_configs.first_mut().context("the chart has no axis")?;
        axis.scale = AxisScale::Log(10.0);
    }
    Ok(Some(chart.svg()?))
}

/// What the bars show, in words.
pub(super) fn caption(table: &Table) -> String {
    match &table.baseline {
        Some(baseline) => format!("To {baseline}; {} is what is counted.", table.unit.name()),
        None => format!("{}, median.", table.unit.name()),
    }
}

/// The ratio, or the median in a table without.
fn length(table: &Table, row: &Row) -> f64 {
    let length = row.ratio.filter(|_| table.baseline.is_some()).unwrap_or(row.median);
    // Four digits are what a label has room for.
    let digits = (3.0 - length.abs().log10().floor()).clamp(0.0, 6.0) as i32;
    (length * 10_f64.powi(digits)).round() / 10_f64.powi(digits)
}

fn color(side: Side) -> Color {
    match side {
        Side::Limit => (120, 128, 140),
        Side::Ours => (16, 150, 110),
        Side::Peer => (214, 120, 40),
    }
    .into()
}
