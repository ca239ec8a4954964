//! Tables of input: CSV with a heading, columns in any order, every fault with its place.

use crate::failure::Failure;
use crate::input::{self, count};
use crate::output;
use std::fmt::Display;
use std::path::Path;
use std::str::FromStr;

/// A table as it was read.
pub(super) struct Table {
    /// What it is called in messages.
    pub(super) file: String,
    /// Headings that are not among the known ones, in order.
    pub(super) others: Vec<String>,
    /// The rows.
    pub(super) rows: Vec<Row>,
}

/// A row: cells of known columns by name, those of other columns in order.
pub(super) struct Row {
    /// The line it starts on.
    pub(super) line: u64,
    known: Vec<(&'static str, String)>,
    /// Cells of the other columns, in the order of [`Table::others`].
    pub(super) others: Vec<String>,
}

/// Faults found so far; nothing is used while there are any.
pub(super) struct Faults {
    file: String,
    found: Vec<String>,
}

impl Faults {
    pub(super) fn new(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            found: Vec::new(),
        }
    }

    /// Notes a fault at a line, in a column if there is one.
    pub(super) fn add(&mut self, line: u64, column: Option<&str>, problem: impl Display) {
        let file = &self.file;
        self.found.push(match column {
            Some(column) => format!("{file}, row {line}, column '{column}': {problem}"),
            None => format!("{file}, row {line}: {problem}"),
        });
    }

    /// Says them all, and whether there were any.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.found.is_empty() {
            return Ok(());
        }
        for fault in &self.found {
            output::complain(fault);
        }
        Err(Failure::Usage(format!(
            "{} has {} (see above); nothing of it was used",
            self.file,
            count(self.found.len(), "fault")
        )))
    }
}

impl Table {
    /// Reads a file or standard input. Columns that are not `known` are refused unless `open`.
    pub(super) fn read(
        path: &Path,
        known: &'static [&'static str],
        needed: &[&str],
        open: bool,
    ) -> Result<Self, Failure> {
        let file = if path == Path::new("-") {
            "standard input".to_owned()
        } else {
            path.display().to_string()
        };
        // The reader of CSV counts a line end of two characters one row late.
        let text = input::text(path)?.replace("\r\n", "\n");
        let mut faults = Faults::new(&file);
        let table = parse(&file, &text, known, needed, open, &mut faults);
        faults.check()?;
        Ok(table)
    }

    /// Faults of this table.
    pub(super) fn faults(&self) -> Faults {
        Faults::new(&self.file)
    }
}

fn parse(
    file: &str,
    text: &str,
    known: &'static [&'static str],
    needed: &[&str],
    open: bool,
    faults: &mut Faults,
) -> Table {
    let mut table = Table {
        file: file.to_owned(),
        others: Vec::new(),
        rows: Vec::new(),
    };
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let headings: Vec<String> = match reader.headers() {
        Ok(headings) => headings.iter().map(|one| one.trim().to_owned()).collect(),
        Err(error) => {
            faults.add(1, None, error);
            return table;
        }
    };
    let columns: Vec<Option<&'static str>> = headings
        .iter()
        .map(|heading| {
            known
                .iter()
                .find(|known| known.eq_ignore_ascii_case(heading))
                .copied()
        })
        .collect();
    for (position, (heading, column)) in headings.iter().zip(&columns).enumerate() {
        match column {
            Some(column) if columns[..position].contains(&Some(column)) => {
                faults.add(1, Some(column), "this column stands twice");
            }
            Some(_) => {}
            None if open => table.others.push(heading.clone()),
            None => faults.add(
                1,
                Some(heading),
                format!("no such column; there are: {}", known.join(", ")),
            ),
        }
    }
    for label in needed {
        if !columns.iter().flatten().any(|column| column == label) {
            faults.add(1, Some(label), "this column is missing");
        }
    }
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                faults.add(line, None, error);
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if record.get(0).is_some_and(|cell| cell.starts_with('#')) {
            // A remark.
            continue;
        }
        if record.len() != columns.len() {
            faults.add(
                line,
                None,
                format!(
                    "{} where the heading has {}",
                    count(record.len(), "cell"),
                    columns.len()
                ),
            );
            continue;
        }
        let mut row = Row {
            line,
            known: Vec::new(),
            others: Vec::new(),
        };
        for (cell, column) in record.iter().zip(&columns) {
            let cell = cell.trim().to_owned();
            match column {
                Some(column) if !cell.is_empty() => row.known.push((column, cell)),
                Some(_) => {}
                None => row.others.push(cell),
            }
        }
        table.rows.push(row);
    }
    if table.rows.is_empty() && faults.found.is_empty() {
        faults.add(1, None, "the table has a heading and no rows");
    }
    table
}

impl Row {
    /// A cell that is not empty.
    pub(super) fn cell(&self, column: &str) -> Option<&str> {
        self.known
            .iter()
            .find(|(known, _)| *known == column)
            .map(|(_, cell)| cell.as_str())
    }

    /// A cell that must be there.
    pub(super) fn needed(&self, column: &str, faults: &mut Faults) -> Option<&str> {
        let cell = self.cell(column);
        if cell.is_none() {
            faults.add(self.line, Some(column), "this cell is empty");
        }
        cell
    }

    /// A value, or what stands for an empty cell.
    pub(super) fn value_or<T: FromStr>(
        &self,
        column: &str,
        absent: T,
        what: &str,
        faults: &mut Faults,
    ) -> Option<T> {
        match self.cell(column) {
            None => Some(absent),
            Some(cell) => parsed(cell, self.line, column, what, faults),
        }
    }

    /// A value that must be there.
    pub(super) fn value<T: FromStr>(
        &self,
        column: &str,
        what: &str,
        faults: &mut Faults,
    ) -> Option<T> {
        let cell = self.needed(column, faults)?;
        parsed(cell, self.line, column, what, faults)
    }
}

/// A cell's value; what it should have been is said if it is not one.
pub(super) fn parsed<T: FromStr>(
    cell: &str,
    line: u64,
    column: &str,
    what: &str,
    faults: &mut Faults,
) -> Option<T> {
    let value = cell.parse().ok();
    if value.is_none() {
        faults.add(line, Some(column), format!("'{cell}' is not {what}"));
    }
    value
}
