//! The record in memory: columns that assessment scans.
//!
//! A [`Record`] is a list of entries that only grows. Each entry has a [`Head`] and any number of rows in the
//! tables [`Record::values`], [`Record::items`], [`Record::lots`], [`Record::completes`], [`Record::events`],
//! [`Record::acts`] and [`Record::concerns`]; rows lie in the order of their entries, and within an entry as
//! written. Names are [`Symbol`]s, numbers and attributes lie in pools. Ten million entries of one item each
//! take about half a gigabyte.
//!
//! An [`Entry`] in memory is in *normal form*, which [`Entry::normalise`] gives: statements are grouped by kind (values,
//! items, lots, completes, events, acts, concerns; statements of different kinds do not affect each other), values are sorted by measure,
//! attributes are sorted by name, numbers carry no trailing zeros, and those of lots and
//! attributes begin at zero where they cannot be negative.

mod append;
mod find;
mod normal;
mod pools;
mod push;
mod rebuild;
mod repeats;
mod rows;
mod symbols;

use std::sync::Arc;

use detente_quantity::{Instant, Interval, Unit, When};

use crate::entry::Source;
use pools::{Attributes, Numbers, Pool};

pub use find::identity_order;
pub(crate) use normal::{from_zero, is_negative};
pub use push::PushError;
pub(crate) use push::{HeadRow, Mark};
pub use rows::{
    ActKind, ActRow, Amount, AttributeSet, CompleteRow, ConcernRow, Context, ContextIndex, Datum,
    EntryIndex, EventIdentity, EventRow, FileIndex, Head, ItemRow, LotRow, Number, NumberIndex,
    Row, SourceIndex, ValueRow,
};
pub(crate) use symbols::is_plainly_a_name;
pub use symbols::{Full, Symbol, Symbols};

#[cfg(doc)]
use crate::entry::Entry;

/// A set of entries, in columns. See the [module](self).
#[derive(Clone, Debug, Default)]
pub struct Record {
    symbols: Symbols,
    contexts: Pool<Context>,
    recent_contexts: Vec<(Context, ContextIndex)>,
    sources: Pool<Arc<Source>>,
    files: Pool<Arc<str>>,
    heads: Vec<Head>,
    tables: Tables,
    numbers: Numbers,
    attributes: Attributes,
    /// What few entries have, in the order of entries.
    instants: Vec<(EntryIndex, Instant)>,
    corrections: Vec<(EntryIndex, Symbol)>,
    notes: Vec<(EntryIndex, Box<str>)>,
    /// The entries that have an id of their own.
    ids: find::Ids,
    rows_without_id: find::RowsWithoutId,
}

/// The tables of statements.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tables {
    pub(crate) values: Vec<ValueRow>,
    pub(crate) items: Vec<ItemRow>,
    pub(crate) lots: Vec<LotRow>,
    pub(crate) completes: Vec<CompleteRow>,
    pub(crate) events: Vec<EventRow>,
    pub(crate) acts: Vec<ActRow>,
    pub(crate) concerns: Vec<ConcernRow>,
}

/// All rows of one entry.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "each field is the table of that name")]
pub struct Statements<'a> {
    pub values: &'a [ValueRow],
    pub items: &'a [ItemRow],
    pub lots: &'a [LotRow],
    pub completes: &'a [CompleteRow],
    pub events: &'a [EventRow],
    pub acts: &'a [ActRow],
    pub concerns: &'a [ConcernRow],
}

impl Statements<'_> {
    /// Whether nothing is stated.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
            && self.items.is_empty()
            && self.lots.is_empty()
            && self.completes.is_empty()
            && self.events.is_empty()
            && self.acts.is_empty()
            && self.concerns.is_empty()
    }
}

impl Record {
    /// An empty record.
    #[must_use]
    pub fn new() -> Record {
        Record::default()
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.heads.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// The heads of all entries, by [`EntryIndex`].
    #[must_use]
    pub fn heads(&self) -> &[Head] {
        &self.heads
    }

    /// The head of an entry.
    #[must_use]
    pub fn head(&self, entry: EntryIndex) -> Option<&Head> {
        self.heads.get(entry.index())
    }

    /// What entries have in common, by [`ContextIndex`].
    #[must_use]
    pub fn contexts(&self) -> &[Context] {
        self.contexts.values()
    }

    /// The context of an entry.
    #[must_use]
    pub fn context(&self, entry: EntryIndex) -> Option<&Context> {
        self.contexts.get(self.head(entry)?.context.0)
    }

    /// The documents, by [`SourceIndex`].
    #[must_use]
    pub fn sources(&self) -> &[Arc<Source>] {
        self.sources.values()
    }

    /// The files it was read from, by [`FileIndex`].
    #[must_use]
    pub fn files(&self) -> &[Arc<str>] {
        self.files.values()
    }

    /// The names.
    #[must_use]
    pub fn symbols(&self) -> &Symbols {
        &self.symbols
    }

    /// The text of a name.
    #[must_use]
    pub fn text(&self, symbol: Symbol) -> &str {
        self.symbols.text(symbol)
    }

    /// Values of measures.
    #[must_use]
    pub fn values(&self) -> &[ValueRow] {
        &self.tables.values
    }

    /// Items.
    #[must_use]
    pub fn items(&self) -> &[ItemRow] {
        &self.tables.items
    }

    /// Lots.
    #[must_use]
    pub fn lots(&self) -> &[LotRow] {
        &self.tables.lots
    }

    /// Statements that a list is complete.
    #[must_use]
    pub fn completes(&self) -> &[CompleteRow] {
        &self.tables.completes
    }

    /// Events.
    #[must_use]
    pub fn events(&self) -> &[EventRow] {
        &self.tables.events
    }

    /// Acts.
    #[must_use]
    pub fn acts(&self) -> &[ActRow] {
        &self.tables.acts
    }

    /// Concerns and replies.
    #[must_use]
    pub fn concerns(&self) -> &[ConcernRow] {
        &self.tables.concerns
    }

    /// What an entry states.
    #[must_use]
    pub fn statements(&self, entry: EntryIndex) -> Statements<'_> {
        let tables = &self.tables;
        Statements {
            values: rows_of(&tables.values, entry),
            items: rows_of(&tables.items, entry),
            lots: rows_of(&tables.lots, entry),
            completes: rows_of(&tables.completes, entry),
            events: rows_of(&tables.events, entry),
            acts: rows_of(&tables.acts, entry),
            concerns: rows_of(&tables.concerns, entry),
        }
    }

    /// The attributes of a set, sorted by name.
    #[must_use]
    pub fn attributes(&self, set: AttributeSet) -> &[(Symbol, Datum)] {
        self.attributes.get(set)
    }

    /// How many sets of attributes there are: every [`AttributeSet`] is below, 0 is the empty one.
    #[must_use]
    pub fn attribute_sets(&self) -> usize {
        self.attributes.len()
    }

    /// The numbers that are not small whole ones, by [`NumberIndex`].
    #[must_use]
    pub fn numbers(&self) -> &[Number] {
        self.numbers.values()
    }

    /// An amount as an interval, in its unit. Everything, for an amount of another record.
    #[must_use]
    pub fn interval(&self, amount: Amount) -> Interval {
        match amount {
            Amount::Whole(whole) => Interval::exact(i64::from(whole)),
            Amount::Number(index) => self
                .numbers
                .get(index)
                .map_or(Interval::EVERYTHING, |number| number.value),
        }
    }

    /// The unit of an amount, if it was said.
    #[must_use]
    pub fn unit(&self, amount: Amount) -> Option<&Unit> {
        match amount {
            Amount::Whole(_) => None,
            Amount::Number(index) => self.numbers.get(index)?.unit.as_ref(),
        }
    }

    /// The date or instant as of which an entry is true.
    #[must_use]
    pub fn as_of(&self, entry: EntryIndex) -> Option<When> {
        let head = self.head(entry)?;
        Some(match beside(&self.instants, entry) {
            Some(&instant) => When::At(instant),
            None => When::Day(head.day),
        })
    }

    /// The id of the entry that this one corrects; see [`Record::resolve`].
    #[must_use]
    pub fn corrects(&self, entry: EntryIndex) -> Option<Symbol> {
        beside(&self.corrections, entry).copied()
    }

    /// All corrections: the entry that corrects, in ascending order, and the id of the corrected one.
    #[must_use]
    pub fn corrections(&self) -> &[(EntryIndex, Symbol)] {
        &self.corrections
    }

    /// The remark of an entry.
    #[must_use]
    pub fn note(&self, entry: EntryIndex) -> Option<&str> {
        beside(&self.notes, entry).map(|note| &**note)
    }

    /// The document of an entry.
    #[must_use]
    pub fn source(&self, entry: EntryIndex) -> Option<&Arc<Source>> {
        self.sources.get(self.context(entry)?.source?.0)
    }
}

/// The rows of an entry in a table that lies in the order of entries.
fn rows_of<R: Row>(rows: &[R], entry: EntryIndex) -> &[R] {
    let start = rows.partition_point(|row| row.entry() < entry);
    let rest = rows.get(start..).unwrap_or_default();
    let end = rest.partition_point(|row| row.entry() == entry);
    rest.get(..end).unwrap_or_default()
}

/// What stands beside the heads for an entry.
fn beside<T>(list: &[(EntryIndex, T)], entry: EntryIndex) -> Option<&T> {
    let place = list
        .binary_search_by_key(&entry, |(entry, _)| *entry)
        .ok()?;
    list.get(place).map(|(_, found)| found)
}
