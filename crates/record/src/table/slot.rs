//! A field of the mapping, bound to the columns of one table.

use std::borrow::Cow;

use detente_quantity::{Date, Decimal, Interval, Unit, When};
use hashbrown::HashMap;

use super::cell::{Cell, Cells};
use super::mapping::{Field, From, OneOrMore, ReadAs};
use super::plan::Columns;
use crate::json::{intern, keep_amount};
use crate::read::amount::{self, Style};
use crate::read::fault::{Problem, shown};
use crate::read::time;
use crate::store::{Amount, Datum, Record, Symbol, from_zero};

/// A field, ready to be read from rows.
pub(super) struct Slot {
    get: Get,
    /// How messages name it.
    pub(super) label: String,
    words: HashMap<String, String>,
    absent: Vec<String>,
    default: Option<String>,
    read_as: Option<ReadAs>,
    is: Option<OneOrMore>,
    style: Style,
    unit: Option<Unit>,
    unit_column: Option<(usize, HashMap<String, Unit>)>,
    /// Whether a cell is taken as it stands: no words, nothing that stands for nothing.
    plain: bool,
    /// What the texts of the column's dictionary mean.
    memo: Vec<Option<Known>>,
    memo_of: usize,
}

#[derive(Clone, Copy)]
enum Known {
    Symbol(Option<Symbol>),
    Datum(Option<Datum>),
    When(Option<When>),
}

enum Get {
    Constant(String),
    Column(usize),
    Template(Vec<Piece>),
}

enum Piece {
    Text(String),
    Column(usize),
}

impl Slot {
    /// Binds a field; what is wrong with it is noted in `columns`.
    pub(super) fn new(field: &Field, name: &str, columns: &mut Columns<'_>) -> Slot {
        let options = &field.options;
        let (get, label) = match &field.from {
            From::Constant(constant) => (
                Get::Constant(constant.clone()),
                format!("\"{name}\" in the mapping file"),
            ),
            From::Column(column) => (
                Get::Column(columns.find(column)),
                format!("column \"{column}\""),
            ),
            From::Template(template) => (
                Get::Template(pieces(template, columns)),
                format!("\"{name}\" (\"{template}\")"),
            ),
        };
        let unit = options.unit.as_ref().and_then(|unit| {
            Unit::parse(unit)
                .map_err(|error| columns.fault(Some(name), error.into()))
                .ok()
        });
        let approximately = options.approximately.as_ref().and_then(|text| {
            let percent = text.trim().trim_end_matches('%').trim_end();
            amount::number(percent)
                .map_err(|error| columns.fault(Some(name), error))
                .ok()
        });
        let absent: Vec<String> = columns
            .absent
            .iter()
            .chain(&options.absent)
            .cloned()
            .collect();
        let words: HashMap<String, String> = options
            .words
            .iter()
            .map(|(word, meaning)| (word.clone(), meaning.clone()))
            .collect();
        let plain = words.is_empty() && absent.is_empty() && options.default.is_none();
        Slot {
            get,
            label,
            words,
            absent,
            default: options.default.clone(),
            read_as: options.read_as,
            is: options.is.clone(),
            style: Style {
                thousands: options.thousands,
                decimal: options.decimal,
                hyphen_is_range: options.hyphen_is_range,
                approximately,
            },
            unit,
            unit_column: options
                .unit_column
                .as_ref()
                .map(|column| (columns.find(column), HashMap::new())),
            plain,
            memo: Vec::new(),
            memo_of: usize::MAX,
        }
    }

    /// The cell that is meant, with words put in place; empty where nothing is said.
    fn cell<'a>(&'a self, cells: &'a impl Cells, buffer: &'a mut String) -> Cell<'a> {
        let cell = match &self.get {
            Get::Constant(constant) => return Cell::Text(constant),
            Get::Column(column) => cells.cell(*column),
            Get::Template(pieces) => {
                buffer.clear();
                for piece in pieces {
                    match piece {
                        Piece::Text(text) => buffer.push_str(text),
                        Piece::Column(column) => {
                            let text = cells.cell(*column).text();
                            if text.is_empty() {
                                return Cell::Empty;
                            }
                            buffer.push_str(&text);
                        }
                    }
                }
                Cell::Text(buffer)
            }
        };
        let cell = match cell {
            Cell::Text(text) => match text.trim() {
                "" => Cell::Empty,
                text => Cell::Text(text),
            },
            Cell::Coded { text, .. } if text.trim().is_empty() => Cell::Empty,
            cell => cell,
        };
        if self.plain {
            return cell;
        }
        let text = cell.text();
        if let Some(meaning) = self.words.get(&*text) {
            return Cell::Text(meaning);
        }
        if matches!(cell, Cell::Empty) || self.absent.iter().any(|absent| *absent == *text) {
            return match &self.default {
                Some(default) => Cell::Text(default),
                None => Cell::Empty,
            };
        }
        cell
    }

    /// What is remembered of a coded text; forgotten when the dictionary changes.
    fn known(&mut self, cells: &impl Cells, dictionary: usize) -> Option<(usize, Option<Known>)> {
        let Get::Column(column) = self.get else {
            return None;
        };
        let Cell::Coded { code, .. } = cells.cell(column) else {
            return None;
        };
        if self.memo_of != dictionary {
            self.memo.clear();
            self.memo_of = dictionary;
        }
        if self.memo.len() <= code {
            self.memo.resize(code + 1, None);
        }
        Some((code, self.memo.get(code).copied().flatten()))
    }

    fn remember(&mut self, code: usize, known: Known) {
        if let Some(slot) = self.memo.get_mut(code) {
            *slot = Some(known);
        }
    }

    /// A name.
    pub(super) fn symbol(
        &mut self,
        record: &mut Record,
        row: &Row<'_, impl Cells>,
    ) -> Result<Option<Symbol>, Problem> {
        let known = self.known(row.cells, row.dictionary);
        if let Some((_, Some(Known::Symbol(symbol)))) = known {
            return Ok(symbol);
        }
        let mut buffer = String::new();
        let symbol = match self.cell(row.cells, &mut buffer) {
            Cell::Empty => None,
            Cell::Text(text) => Some(intern(record, text)?),
            Cell::BadNumber(number) => {
                return Err(Problem::Expected {
                    expected: "a name",
                    found: number.to_string(),
                });
            }
            cell => Some(intern(record, &cell.text())?),
        };
        if let Some((code, None)) = known {
            self.remember(code, Known::Symbol(symbol));
        }
        Ok(symbol)
    }

    /// A date or an instant.
    pub(super) fn when(&mut self, row: &Row<'_, impl Cells>) -> Result<Option<When>, Problem> {
        let known = self.known(row.cells, row.dictionary);
        if let Some((_, Some(Known::When(when)))) = known {
            return Ok(when);
        }
        let mut buffer = String::new();
        let when = match self.cell(row.cells, &mut buffer) {
            Cell::Empty => None,
            Cell::Date(date) => Some(When::Day(date)),
            Cell::Instant(instant) => Some(When::At(instant)),
            cell => Some(time::when(&cell.text())?),
        };
        if let Some((code, None)) = known {
            self.remember(code, Known::When(when));
        }
        Ok(when)
    }

    /// A date.
    pub(super) fn date(&mut self, row: &Row<'_, impl Cells>) -> Result<Option<Date>, Problem> {
        let mut buffer = String::new();
        Ok(match self.cell(row.cells, &mut buffer) {
            Cell::Empty => None,
            Cell::Date(date) => Some(date),
            cell => Some(time::date(&cell.text())?),
        })
    }

    /// A text.
    pub(super) fn text<'a>(
        &'a self,
        row: &Row<'a, impl Cells>,
        buffer: &'a mut String,
    ) -> Option<Cow<'a, str>> {
        match self.cell(row.cells, buffer) {
            Cell::Empty => None,
            cell => Some(cell.text()),
        }
    }

    /// Yes or no; no where nothing is said.
    pub(super) fn truth(&self, row: &Row<'_, impl Cells>) -> Result<bool, Problem> {
        let mut buffer = String::new();
        let cell = self.cell(row.cells, &mut buffer);
        if let Some(is) = &self.is {
            return Ok(is.contains(&cell.text()));
        }
        match cell {
            Cell::Empty => Ok(false),
            Cell::Truth(truth) => Ok(truth),
            cell => match &*cell.text().to_ascii_lowercase() {
                "yes" | "true" | "1" => Ok(true),
                "no" | "false" | "0" => Ok(false),
                other => Err(Problem::Expected {
                    expected: "yes or no (or state in the mapping what it \"is\" for yes)",
                    found: format!("\"{}\"", shown(other)),
                }),
            },
        }
    }

    /// The value of a measure.
    pub(super) fn value(
        &mut self,
        record: &mut Record,
        row: &Row<'_, impl Cells>,
    ) -> Result<Option<Amount>, Problem> {
        self.amount(record, row, false)
    }

    /// The quantity of a lot.
    pub(super) fn quantity(
        &mut self,
        record: &mut Record,
        row: &Row<'_, impl Cells>,
    ) -> Result<Option<Amount>, Problem> {
        self.amount(record, row, true)
    }

    fn amount(
        &mut self,
        record: &mut Record,
        row: &Row<'_, impl Cells>,
        begins_at_zero: bool,
    ) -> Result<Option<Amount>, Problem> {
        let mut buffer = String::new();
        let cell = self.cell(row.cells, &mut buffer);
        let (value, own_unit) = match cell {
            Cell::Empty => return Ok(None),
            Cell::Text(text) | Cell::Coded { text, .. } => {
                if self.unit.is_none()
                    && self.unit_column.is_none()
                    && let Some(whole) = amount::whole(text.as_bytes())
                    && whole >= 0
                {
                    return Ok(Some(Amount::Whole(whole)));
                }
                amount::amount(text, &self.style)?
            }
            Cell::Whole(whole) => {
                if self.unit.is_none()
                    && self.unit_column.is_none()
                    && let Ok(whole) = i32::try_from(whole)
                    && whole >= 0
                {
                    return Ok(Some(Amount::Whole(whole)));
                }
                (Interval::exact(Decimal::from(whole)), None)
            }
            Cell::Number(number) => (Interval::exact(number), None),
            Cell::BadNumber(_) | Cell::Truth(_) | Cell::Date(_) | Cell::Instant(_) => {
                return Err(Problem::Expected {
                    expected: "a number",
                    found: shown(&cell.text()),
                });
            }
        };
        let unit = match own_unit {
            Some(unit) => Some(unit),
            None => self.unit(row)?,
        };
        let value = if begins_at_zero {
            from_zero(&value, unit.as_ref())
        } else {
            value
        };
        keep_amount(record, value, unit, || "the number".to_owned()).map(Some)
    }

    fn unit(&mut self, row: &Row<'_, impl Cells>) -> Result<Option<Unit>, Problem> {
        let Some((column, known)) = &mut self.unit_column else {
            return Ok(self.unit.clone());
        };
        let text = row.cells.cell(*column).text();
        if text.is_empty() {
            return Ok(self.unit.clone());
        }
        if let Some(unit) = known.get(&*text) {
            return Ok(Some(unit.clone()));
        }
        let unit = Unit::parse(&text)?;
        known.insert(text.into_owned(), unit.clone());
        Ok(Some(unit))
    }

    /// The value of an attribute.
    pub(super) fn datum(
        &mut self,
        record: &mut Record,
        row: &Row<'_, impl Cells>,
    ) -> Result<Option<Datum>, Problem> {
        let known = self.known(row.cells, row.dictionary);
        if let Some((_, Some(Known::Datum(datum)))) = known {
            return Ok(datum);
        }
        let datum = self.new_datum(record, row)?;
        // With a unit beside it, the same text may mean another amount.
        if let Some((code, None)) = known
            && self.unit_column.is_none()
        {
            self.remember(code, Known::Datum(datum));
        }
        Ok(datum)
    }

    fn new_datum(
        &mut self,
        record: &mut Record,
        row: &Row<'_, impl Cells>,
    ) -> Result<Option<Datum>, Problem> {
        let mut buffer = String::new();
        let cell = self.cell(row.cells, &mut buffer);
        let read_as = match (self.read_as, cell) {
            (_, Cell::Empty) => return Ok(None),
            (Some(read_as), _) => read_as,
            _ if self.unit.is_some() || self.unit_column.is_some() => ReadAs::Number,
            (None, Cell::Text(text) | Cell::Coded { text, .. }) => {
                let text = text.trim();
                if text.starts_with(|first: char| first.is_ascii_alphabetic()) {
                    ReadAs::Word
                } else if time::looks_like_date(text.as_bytes()) {
                    ReadAs::Date
                } else if amount::amount(text, &self.style).is_ok() || text.starts_with(['~', '≈'])
                {
                    ReadAs::Number
                } else {
                    ReadAs::Word
                }
            }
            (None, Cell::Whole(_) | Cell::Number(_) | Cell::BadNumber(_)) => ReadAs::Number,
            (None, Cell::Date(_)) => ReadAs::Date,
            (None, Cell::Truth(_) | Cell::Instant(_)) => ReadAs::Word,
        };
        match read_as {
            ReadAs::Word => {
                let word = match cell {
                    Cell::Text(text) => intern(record, text)?,
                    cell => intern(record, &cell.text())?,
                };
                Ok(Some(Datum::Word(word)))
            }
            ReadAs::Date => Ok(self.date(row)?.map(Datum::Date)),
            ReadAs::Number => Ok(self.amount(record, row, true)?.map(Datum::Amount)),
        }
    }
}

/// A row under way: its cells, and which dictionary its codes are of.
pub(super) struct Row<'a, C> {
    pub(super) cells: &'a C,
    pub(super) dictionary: usize,
}

/// The parts of a template.
fn pieces(template: &str, columns: &mut Columns<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((text, after)) = rest.split_once('{') {
        if !text.is_empty() {
            pieces.push(Piece::Text(text.to_owned()));
        }
        let Some((column, after)) = after.split_once('}') else {
            columns.fault(
                None,
                Problem::Mapping(format!("the template \"{template}\" lacks a closing brace")),
            );
            return pieces;
        };
        pieces.push(Piece::Column(columns.find(column)));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    pieces
}
