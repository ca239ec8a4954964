//! A field of the mapping, bound to the columns of one table.

use std::borrow::Cow;

use detente_quantity::{Date, Decimal, Interval, Unit, When};
use hashbrown::HashMap;

use super::cell::{Cell, Cells};
use super::mapping::{Field, From, OneOrMore, ReadAs};
use super::plan::Columns;
use super::ready::Ready;
use crate::json::{intern, keep_amount};
use crate::read::amount::{self, Style};
use crate::read::fault::{Problem, shown};
use crate::read::memo::{Key, Memo};
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
    coded: Vec<Option<Known>>,
    coded_of: usize,
    /// What the latest short texts mean, where the column has no dictionary; and constants.
    latest: Memo<Known>,
    constant: Option<Known>,
    /// What the cells of the batch of rows under way mean, where that was worked out ahead.
    pub(super) ready: Ready,
}

#[derive(Clone, Copy, Debug)]
enum Known {
    Symbol(Option<Symbol>),
    Datum(Option<Datum>),
    When(Option<When>),
    Amount(Option<Amount>),
}

/// Where the meaning of a cell is to be remembered.
#[derive(Clone, Copy)]
enum Place {
    Nowhere,
    Constant,
    Code(usize),
    Key(Key),
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
            coded: Vec::new(),
            coded_of: usize::MAX,
            latest: Memo::default(),
            constant: None,
            ready: Ready::default(),
        }
    }

    /// Whether the field says the same in every row.
    pub(super) fn is_constant(&self) -> bool {
        matches!(self.get, Get::Constant(_))
    }

    /// What the field says in every row.
    pub(super) fn constant_text(&self) -> Option<&str> {
        match &self.get {
            Get::Constant(constant) => Some(constant.trim()),
            _ => None,
        }
    }

    /// The column whose cells mean the same wherever they stand.
    #[cfg(feature = "parquet")]
    pub(super) fn column(&self) -> Option<usize> {
        match self.get {
            Get::Column(column) if self.unit_column.is_none() => Some(column),
            _ => None,
        }
    }

    /// Whether whole numbers and dates in cells are taken as they stand.
    #[cfg(feature = "parquet")]
    pub(super) fn takes_cells_as_they_stand(&self) -> bool {
        self.plain && self.unit.is_none() && self.unit_column.is_none() && self.read_as.is_none()
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

    /// What is remembered of a row's cell, or where to remember it. What stands for a coded text is forgotten
    /// when the dictionary changes.
    fn known(&mut self, row: &Row<'_, impl Cells>) -> Result<Known, Place> {
        let column = match self.get {
            Get::Column(column) => column,
            Get::Constant(_) => return self.constant.ok_or(Place::Constant),
            Get::Template(_) => return Err(Place::Nowhere),
        };
        match row.cells.cell(column) {
            Cell::Coded { code, .. } => {
                if self.coded_of != row.dictionary {
                    self.coded.clear();
                    self.coded_of = row.dictionary;
                }
                let known = self.coded.get(code).copied().flatten();
                known.ok_or(Place::Code(code))
            }
            Cell::Text(text) => {
                let known = self.latest.find(text.as_bytes());
                known.map_err(|key| key.map_or(Place::Nowhere, Place::Key))
            }
            _ => Err(Place::Nowhere),
        }
    }

    fn remember(&mut self, place: Place, known: Known) {
        // With a unit beside it, the same text may mean another amount.
        if self.unit_column.is_some() {
            return;
        }
        match place {
            Place::Nowhere => {}
            Place::Constant => self.constant = Some(known),
            Place::Code(code) => {
                if self.coded.len() <= code {
                    self.coded.resize(code + 1, None);
                }
                if let Some(slot) = self.coded.get_mut(code) {
                    *slot = Some(known);
                }
            }
            Place::Key(key) => self.latest.remember(key, known),
        }
    }

    /// A name.
    pub(super) fn symbol(
        &mut self,
        record: &mut Record,
        row: &Row<'_, impl Cells>,
    ) -> Result<Option<Symbol>, Problem> {
        if let Ready::Symbols(list) = &self.ready
            && let Some(symbol) = list.get(row.place)
        {
            return Ok(*symbol);
        }
        let place = match self.known(row) {
            Ok(Known::Symbol(symbol)) => return Ok(symbol),
            Ok(_) => Place::Nowhere,
            Err(place) => place,
        };
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
        self.remember(place, Known::Symbol(symbol));
        Ok(symbol)
    }

    /// A date or an instant.
    pub(super) fn when(&mut self, row: &Row<'_, impl Cells>) -> Result<Option<When>, Problem> {
        if let Ready::Whens(list) = &self.ready
            && let Some(when) = list.get(row.place)
        {
            return Ok(*when);
        }
        let place = match self.known(row) {
            Ok(Known::When(when)) => return Ok(when),
            Ok(_) => Place::Nowhere,
            Err(place) => place,
        };
        let mut buffer = String::new();
        let when = match self.cell(row.cells, &mut buffer) {
            Cell::Empty => None,
            Cell::Date(date) => Some(When::Day(date)),
            Cell::Instant(instant) => Some(When::At(instant)),
            cell => Some(time::when(&cell.text())?),
        };
        self.remember(place, Known::When(when));
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
            return Ok(match cell {
                // A table of types says neither word: any of them means it.
                Cell::Truth(truth) => words(truth).iter().any(|word| is.contains(word)),
                cell => is.contains(&cell.text()),
            });
        }
        match cell {
            Cell::Empty => Ok(false),
            Cell::Truth(truth) => Ok(truth),
            cell => match &*cell.text().to_ascii_lowercase() {
                yes if words(true).contains(&yes) => Ok(true),
                no if words(false).contains(&no) => Ok(false),
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
        self.known_amount(record, row, false)
    }

    /// The quantity of a lot.
    pub(super) fn quantity(
        &mut self,
        record: &mut Record,
        row: &Row<'_, impl Cells>,
    ) -> Result<Option<Amount>, Problem> {
        self.known_amount(record, row, true)
    }

    fn known_amount(
        &mut self,
        record: &mut Record,
        row: &Row<'_, impl Cells>,
        begins_at_zero: bool,
    ) -> Result<Option<Amount>, Problem> {
        let place = match self.known(row) {
            Ok(Known::Amount(amount)) => return Ok(amount),
            Ok(_) => Place::Nowhere,
            Err(place) => place,
        };
        let amount = self.amount(record, row, begins_at_zero)?;
        self.remember(place, Known::Amount(amount));
        Ok(amount)
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
        if let Ready::Data(list) = &self.ready
            && let Some(datum) = list.get(row.place)
        {
            return Ok(*datum);
        }
        let place = match self.known(row) {
            Ok(Known::Datum(datum)) => return Ok(datum),
            Ok(_) => Place::Nowhere,
            Err(place) => place,
        };
        let datum = self.new_datum(record, row)?;
        self.remember(place, Known::Datum(datum));
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
                } else if let Some(whole) = amount::whole(text.as_bytes())
                    && whole >= 0
                {
                    return Ok(Some(Datum::Amount(Amount::Whole(whole))));
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

/// A row under way: its cells, which dictionary its codes are of, and its place among the rows whose cells were
/// worked out ahead.
pub(super) struct Row<'a, C> {
    pub(super) cells: &'a C,
    pub(super) dictionary: usize,
    pub(super) place: usize,
}

/// No cells at all.
pub(super) struct NoCells;

impl Cells for NoCells {
    fn cell(&self, _: usize) -> Cell<'_> {
        Cell::Empty
    }
}

impl Row<'_, NoCells> {
    /// For what is the same in all rows.
    pub(super) const NONE: Row<'static, NoCells> = Row {
        cells: &NoCells,
        dictionary: 0,
        place: usize::MAX,
    };
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

/// The words for yes and no.
fn words(truth: bool) -> [&'static str; 3] {
    match truth {
        true => ["yes", "true", "1"],
        false => ["no", "false", "0"],
    }
}
