//! Reading and writing the tables: CSV with a heading of field labels, one row for each line of a report.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::field::{Field, Format, ReportKind};
use super::rejection::{Reason, Rejection};

/// Cells of a row by the label of their column; empty cells are left out.
pub type Cells = BTreeMap<&'static str, String>;

/// A row with the line it starts on.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) line: u64,
    pub(crate) cells: Cells,
}

/// Collects the faults of one file.
#[derive(Debug)]
pub(crate) struct Faults {
    file: String,
    pub(crate) found: Vec<Rejection>,
}

impl Faults {
    pub(crate) fn new(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            found: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, row: u64, column: Option<&str>, reason: Reason) {
        self.found.push(Rejection {
            file: self.file.clone(),
            row,
            column: column.map(str::to_owned),
            reason,
        });
    }
}

/// Finds the line that a row starts on. The reader of CSV counts a line end of two characters one row late.
pub(crate) struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            line: 1,
        }
    }

    /// The line, counted from 1, of the row that the reader says starts at `position`; positions go up.
    pub(crate) fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let Some(position) = position else { return 0 };
        let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
        while let Some(byte) = self.bytes.get(self.at) {
            let ends = match byte {
                b'\n' => true,
                b'\r' => self.bytes.get(self.at + 1) != Some(&b'\n'),
                _ => false,
            };
            // Line ends at the start itself belong to what came before the row.
            if self.at >= start && !matches!(byte, b'\n' | b'\r') {
                break;
            }
            self.line += u64::from(ends);
            self.at += 1;
        }
        self.line
    }
}

/// A table as it was read.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// The rows that could be read.
    pub(crate) rows: Vec<Row>,
    /// How many rows there are, readable or not.
    pub(crate) count: u64,
    /// Labels of needed columns that the heading lacks.
    pub(crate) missing: Vec<String>,
}

/// Reads the table, checking the heading against the fields of the report, and that the needed columns are there.
pub(crate) fn read_rows(
    kind: ReportKind,
    bytes: &[u8],
    needed: &[&str],
    faults: &mut Faults,
) -> Table {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut lines = Lines::new(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let columns = match reader.headers() {
        Ok(headers) => columns(kind, headers, needed, faults),
        Err(error) => {
            faults.add(
                1,
                None,
                Reason::NotCsv {
                    cause: error.to_string(),
                },
            );
            return Table::default();
        }
    };
    let missing = needed
        .iter()
        .filter(|label| !columns.iter().flatten().any(|field| field.label == **label))
        .map(|label| (*label).to_owned())
        .collect();
    let mut rows = Vec::new();
    let mut count = 0;
    for record in reader.records() {
        count += 1;
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = lines.of(error.position());
                faults.add(
                    line,
                    None,
                    Reason::NotCsv {
                        cause: error.to_string(),
                    },
                );
                continue;
            }
        };
        let line = lines.of(record.position());
        if record.len() != columns.len() {
            faults.add(
                line,
                None,
                Reason::WrongWidth {
                    expected: columns.len(),
                    found: record.len(),
                },
            );
            continue;
        }
        let cells = columns
            .iter()
            .zip(record.iter())
            .filter_map(|(field, cell)| {
                let cell = cell.trim();
                field
                    .filter(|_| !cell.is_empty())
                    .map(|field| (field.label, cell.to_owned()))
            })
            .collect();
        rows.push(Row { line, cells });
    }
    if rows.is_empty() && faults.found.is_empty() {
        faults.add(1, None, Reason::Empty);
    }
    Table {
        rows,
        count,
        missing,
    }
}

fn columns(
    kind: ReportKind,
    headers: &csv::StringRecord,
    needed: &[&str],
    faults: &mut Faults,
) -> Vec<Option<&'static Field>> {
    let mut columns: Vec<Option<&'static Field>> = Vec::with_capacity(headers.len());
    for header in headers {
        let field = kind
            .fields()
            .iter()
            .find(|field| field.label.eq_ignore_ascii_case(header.trim()));
        match field {
            None => faults.add(1, Some(header.trim()), Reason::UnknownColumn),
            Some(field) if columns.contains(&Some(field)) => {
                faults.add(1, Some(field.label), Reason::DuplicateColumn);
            }
            Some(_) => {}
        }
        columns.push(field);
    }
    for label in needed {
        if !columns.iter().flatten().any(|field| field.label == *label) {
            faults.add(1, Some(label), Reason::MissingColumn);
        }
    }
    columns
}

/// Checks every cell of a row against the format of its field, so that nothing unreadable is kept even in columns that no
/// rule looks at.
pub(crate) fn check_formats(kind: ReportKind, row: &Row, faults: &mut Faults) {
    for field in kind.fields() {
        let Some(cell) = row.cells.get(field.label) else {
            continue;
        };
        let reason = match field.format {
            Format::Text(limit) if cell.chars().count() > usize::from(limit) => {
                Some(Reason::TooLong {
                    value: cell.clone(),
                    limit,
                })
            }
            Format::Number(digits) if !is_number(cell, digits) => Some(Reason::NotANumber {
                value: cell.clone(),
                digits,
            }),
            Format::Mass if parse_mass(cell).is_none() => Some(Reason::NotAMass {
                value: cell.clone(),
            }),
            Format::Date if parse_date(cell).is_none() => Some(Reason::NotADate {
                value: cell.clone(),
            }),
            _ => None,
        };
        if let Some(reason) = reason {
            faults.add(row.line, Some(field.label), reason);
        }
    }
}

impl Row {
    /// The cell, or a fault if it is empty.
    pub(crate) fn needed(&self, label: &str, faults: &mut Faults) -> Option<&str> {
        let cell = self.cell(label);
        if cell.is_none() {
            faults.add(self.line, Some(label), Reason::Missing);
        }
        cell
    }

    pub(crate) fn cell(&self, label: &str) -> Option<&str> {
        self.cells.get(label).map(String::as_str)
    }

    /// The number in a cell; an unreadable one has been reported by [`check_formats`].
    pub(crate) fn number(&self, label: &str) -> Option<u64> {
        self.cell(label).and_then(parse_number)
    }

    pub(crate) fn mass(&self, label: &str) -> Option<Decimal> {
        self.cell(label).and_then(parse_mass)
    }

    pub(crate) fn date(&self, label: &str) -> Option<Date> {
        self.cell(label).and_then(parse_date)
    }
}

/// A hash of 20 digits need not fit an integer, so only the digits are counted.
fn is_number(text: &str, digits: u16) -> bool {
    text.len() <= usize::from(digits) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn parse_number(text: &str) -> Option<u64> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}

fn parse_mass(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let starts = digits.starts_with(|first: char| first.is_ascii_digit());
    if !(plain && starts && text.len() <= 24) {
        return None;
    }
    text.parse::<Decimal>()
        .ok()
        .filter(|value| value.normalize().scale() <= 3)
}

fn parse_date(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (day, month, year) = (
        text[..2].parse().ok()?,
        text[2..4].parse().ok()?,
        text[4..].parse().ok()?,
    );
    Date::new(year, month, day).ok()
}

/// Writes rows under a heading of all the report's fields, in their order: what was read comes out again, and what the table
/// did not have is empty.
pub(crate) fn write_rows<'a>(kind: ReportKind, rows: impl Iterator<Item = &'a Cells>) -> String {
    let mut text = String::new();
    write_line(&mut text, kind.fields().iter().map(|field| field.label));
    for cells in rows {
        write_line(
            &mut text,
            kind.fields()
                .iter()
                .map(|field| cells.get(field.label).map_or("", String::as_str)),
        );
    }
    text
}

fn write_line<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (position, cell) in cells.enumerate() {
        if position > 0 {
            text.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(cell);
        }
    }
    text.push('\n');
}
