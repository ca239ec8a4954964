//! Small tables of input: CSV with a heading, columns in any order, every fault with its place.

use std::fmt::Display;

/// Faults of a table; nothing of it was taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .faults.join("\n"))]
pub struct TableError {
    /// Each with file, line, column, what is wrong.
    pub faults: Vec<String>,
}

/// A table while it is read.
pub(crate) struct Reader {
    file: String,
    rows: std::vec::IntoIter<Row>,
    faults: Vec<String>,
}

/// A row with its cells that are not empty.
pub(crate) struct Row {
    /// The line it starts on.
    pub(crate) line: u64,
    cells: Vec<(&'static str, String)>,
}

impl Row {
    /// A cell that is not empty.
    pub(crate) fn cell(&self, column: &str) -> Option<&str> {
        self.cells
            .iter()
            .find(|(name, _)| *name == column)
            .map(|(_, cell)| cell.as_str())
    }

    /// A cell that must be there.
    pub(crate) fn needed(&self, column: &str, reader: &mut Reader) -> Option<String> {
        let cell = self.cell(column).map(str::to_owned);
        if cell.is_none() {
            reader.fault(self.line, column, "this cell is empty");
        }
        cell
    }

    /// A cell's value if there is one; what it should be is said if it is not.
    pub(crate) fn value<T: std::str::FromStr>(
        &self,
        column: &str,
        what: &str,
        reader: &mut Reader,
    ) -> Option<T> {
        let cell = self.cell(column)?;
        let value = cell.parse().ok();
        if value.is_none() {
            reader.fault(self.line, column, format!("\"{cell}\" is not {what}"));
        }
        value
    }
}

impl Reader {
    /// Takes the table in; columns that are not known are refused, as a misspelt one would otherwise be lost.
    pub(crate) fn new(
        file: &str,
        text: &str,
        known: &[&'static str],
        needed: &[&str],
    ) -> Result<Self, TableError> {
        Self::with(
            file,
            text,
            |heading| {
                known
                    .iter()
                    .find(|known| known.eq_ignore_ascii_case(heading))
                    .copied()
            },
            Some(known),
            needed,
        )
    }

    /// Takes a table in whose headings are given other names; columns without one are passed over.
    pub(crate) fn open(
        file: &str,
        text: &str,
        name: impl Fn(&str) -> Option<&'static str>,
        needed: &[&str],
    ) -> Result<Self, TableError> {
        Self::with(file, text, name, None, needed)
    }

    fn with(
        file: &str,
        text: &str,
        name: impl Fn(&str) -> Option<&'static str>,
        known: Option<&[&'static str]>,
        needed: &[&str],
    ) -> Result<Self, TableError> {
        let text = text.trim_start_matches('\u{feff}');
        // The reader of CSV counts a line end of two characters one row late.
        let text = text.replace("\r\n", "\n");
        let mut faults = Vec::new();
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(text.as_bytes());
        let headings: Vec<String> = match reader.headers() {
            Ok(headings) => headings.iter().map(|one| one.trim().to_owned()).collect(),
            Err(error) => {
                let faults = vec![format!("{file}:1: {error}")];
                return Err(TableError { faults });
            }
        };
        let columns: Vec<Option<&'static str>> = headings.iter().map(|one| name(one)).collect();
        for (place, (heading, column)) in headings.iter().zip(&columns).enumerate() {
            match (column, known) {
                (Some(column), _) if columns[..place].contains(&Some(*column)) => {
                    faults.push(format!("{file}:1: {heading}: this column stands twice"));
                }
                (None, Some(known)) => faults.push(format!(
                    "{file}:1: {heading}: no such column; there are: {}",
                    known.join(", ")
                )),
                _ => {}
            }
        }
        for column in needed {
            if !columns.iter().flatten().any(|one| one == column) {
                faults.push(format!("{file}:1: {column}: this column is missing"));
            }
        }
        if !faults.is_empty() {
            return Err(TableError { faults });
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    faults.push(format!("{file}:{line}: {error}"));
                    continue;
                }
            };
            let line = record.position().map_or(0, csv::Position::line);
            if record.get(0).is_some_and(|cell| cell.starts_with('#')) {
                continue;
            }
            if record.len() != columns.len() {
                faults.push(format!(
                    "{file}:{line}: {} cells where the heading has {}",
                    record.len(),
                    columns.len()
                ));
                continue;
            }
            let cells = columns.iter().zip(&record).filter_map(|(column, cell)| {
                let cell = cell.trim();
                column
                    .filter(|_| !cell.is_empty())
                    .map(|column| (column, cell.to_owned()))
            });
            rows.push(Row {
                line,
                cells: cells.collect(),
            });
        }
        Ok(Self {
            file: file.to_owned(),
            rows: rows.into_iter(),
            faults,
        })
    }

    pub(crate) fn next_row(&mut self) -> Option<Row> {
        self.rows.next()
    }

    /// Notes a fault.
    pub(crate) fn fault(&mut self, line: u64, column: &str, problem: impl Display) {
        let file = &self.file;
        self.faults
            .push(format!("{file}:{line}: {column}: {problem}"));
    }

    /// What was wrong, where the rest is taken all the same.
    pub(crate) fn into_faults(self) -> Vec<String> {
        self.faults
    }

    /// The result, unless there are faults.
    pub(crate) fn finish<T>(self, result: T) -> Result<T, TableError> {
        if self.faults.is_empty() {
            Ok(result)
        } else {
            Err(TableError {
                faults: self.faults,
            })
        }
    }
}
