//! Answers in the form asked for.

use super::arguments::{Form, Shape};
use crate::failure::Failure;
use crate::output;
use serde::Serialize;
use std::path::Path;

/// An answer that can be said in three ways.
pub(super) trait Answer: Serialize {
    /// For reading.
    fn text(&self) -> String;
    /// A heading and one row for each line.
    fn table(&self) -> Vec<Vec<String>>;
}

/// Writes an answer where it was asked for.
pub(super) fn write(answer: &impl Answer, shape: &Shape) -> Result<(), Failure> {
    let text = match shape.format {
        Form::Text => answer.text(),
        Form::Json => json(answer)?,
        Form::Csv => comma_separated(&answer.table())?,
    };
    to(shape.output.as_deref(), &text)
}

/// Writes to a file, or to standard output.
pub(super) fn to(path: Option<&Path>, text: &str) -> Result<(), Failure> {
    match path {
        Some(path) if path != Path::new("-") => output::file(path, text),
        _ => output::answer(text),
    }
}

/// JSON for programs.
pub(super) fn json(answer: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string_pretty(answer)
        .map(|text| text + "\n")
        .map_err(|error| Failure::Usage(error.to_string()))
}

/// Rows as CSV (RFC 4180).
pub(super) fn comma_separated(rows: &[Vec<String>]) -> Result<String, Failure> {
    let fail = |error: String| Failure::Usage(error);
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    for row in rows {
        writer
            .write_record(row)
            .map_err(|error| fail(error.to_string()))?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| fail(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| fail(error.to_string()))
}

/// Rows under each other: the first `left` columns to the left, the others to the right.
pub(super) fn aligned(rows: &[Vec<String>], left: usize) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(column, (cell, width))| {
                if column < left {
                    format!("{cell:<width$}")
                } else {
                    format!("{cell:>width$}")
                }
            })
            .collect();
        text.push_str(format!("  {}", cells.join("  ")).trim_end());
        text.push('\n');
    }
    text
}

/// A time to the hundredth of a second.
pub(super) fn time(instant: jiff::Timestamp) -> String {
    // Rounded, not cut: the nearest hundredth.
    let rounded = detente_orbit::epoch::after(instant, 0.005);
    rounded.strftime("%Y-%m-%d %H:%M:%S%.2f").to_string()
}

/// A time to the minute.
pub(super) fn minute(instant: jiff::Timestamp) -> String {
    instant.strftime("%Y-%m-%d %H:%M").to_string()
}

/// A small probability, as `1.23e-5`; nothing for none.
pub(super) fn probability(value: Option<f64>) -> String {
    match value {
        Some(value) if (0.001..=1.0).contains(&value) || value == 0.0 => format!("{value:.4}"),
        Some(value) => format!("{value:.3e}"),
        None => "–".to_owned(),
    }
}
