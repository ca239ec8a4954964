//! Answers in the form asked for.

use super::arguments::{Form, Shape};
use crate::commands::picture;
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

/// Writes an answer where it was asked for, and its picture.
pub(super) fn write(
    answer: &impl Answer,
    shape: &Shape,
    chart: impl FnOnce() -> Result<String, Failure>,
) -> Result<(), Failure> {
    if let Some(path) = &shape.chart {
        picture::write(path, &chart()?)?;
    }
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
        Some(path) => output::file(path, text),
        None => output::answer(text),
    }
}

fn json(answer: &impl Serialize) -> Result<String, Failure> {
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

/// Rows under each other: the first column to the left, the others to the right.
pub(super) fn aligned(rows: &[Vec<String>]) -> String {
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
                if column == 0 {
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

/// A measured figure with four digits that count.
pub(super) fn figure(value: f64) -> String {
    let decimals = match value.abs() {
        large if large >= 1000.0 => 1,
        large if large >= 100.0 => 2,
        middle if middle >= 1.0 => 3,
        _ => 4,
    };
    let text = format!("{value:.decimals$}");
    // Nothing is below nothing.
    if text
        .trim_start_matches('-')
        .trim_matches(['0', '.'])
        .is_empty()
    {
        text.trim_start_matches('-').to_owned()
    } else {
        text
    }
}

/// The same, or a dash where there is none.
pub(super) fn figure_or_dash(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), figure)
}

/// The same for a table that is read by programs: all digits, or nothing.
pub(super) fn digits(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// A probability in per cent.
pub(super) fn percent(value: f64) -> String {
    format!("{:.2} %", value * 100.0)
}

/// Words of a heading.
pub(super) fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_four_digits_that_count() {
        let shown = [0.01234, -1.23456, 123.456, 9672.06, -0.00001].map(figure);
        assert_eq!(shown, ["0.0123", "-1.235", "123.46", "9672.1", "0.0000"]);
    }

    #[test]
    fn columns_are_aligned() {
        let rows = [row(["a", "b"]), row(["long", "12"])];
        assert_eq!(aligned(&rows), "  a      b\n  long  12\n");
    }
}
