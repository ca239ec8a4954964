//! Joining records.

use super::push::{HeadRow, PushError};
use super::rows::{
    ActKind, ActRow, Amount, CompleteRow, ConcernRow, Context, EntryIndex, EventRow, ItemRow,
    LotRow, ValueRow,
};
use super::rows::{AttributeSet, ContextIndex, Datum};
use super::symbols::Full;
use super::{Record, Symbol};

impl Record {
    /// Adds all entries of another record, in their order.
    ///
    /// # Errors
    /// When an id is used in both, or no room is left; this record is then as before.
    pub fn append(&mut self, other: Record) -> Result<(), PushError> {
        if self.is_empty() {
            *self = other;
            return Ok(());
        }
        let mark = self.mark();
        let done = self.append_all(&other);
        if done.is_err() {
            self.return_to(mark);
        }
        done
    }

    fn append_all(&mut self, other: &Record) -> Result<(), PushError> {
        let shift = u32::try_from(self.heads.len()).map_err(|_| Full)?;
        let moved = Moved::new(self, other)?;
        let symbol = |symbol: Symbol| moved.symbol(symbol);
        let entry = |entry: EntryIndex| {
            let entry = entry.0.checked_add(shift).map(EntryIndex);
            entry.ok_or(Full)
        };

        self.reserve(other.len());
        for (index, head) in other.heads.iter().enumerate() {
            let index = EntryIndex(u32::try_from(index).map_err(|_| Full)?);
            let Some(as_of) = other.as_of(index) else {
                continue;
            };
            self.push_head(HeadRow {
                id: head.id.map(symbol).transpose()?,
                as_of,
                made: head.made(),
                context: moved.context(head.context)?,
                line: head.line,
                corrects: other.corrects(index).map(symbol).transpose()?,
            })?;
        }
        for (index, note) in &other.notes {
            self.notes.push((entry(*index)?, note.clone()));
        }
        for row in other.values() {
            self.tables.values.push(ValueRow {
                entry: entry(row.entry)?,
                measure: symbol(row.measure)?,
                value: moved.amount(row.value)?,
                over: row.over,
            });
        }
        for row in other.items() {
            self.tables.items.push(ItemRow {
                entry: entry(row.entry)?,
                class: symbol(row.class)?,
                item: symbol(row.item)?,
                attributes: moved.set(row.attributes)?,
                gone: row.gone,
            });
        }
        for row in other.lots() {
            self.tables.lots.push(LotRow {
                entry: entry(row.entry)?,
                class: symbol(row.class)?,
                lot: row.lot.map(symbol).transpose()?,
                attributes: moved.set(row.attributes)?,
                quantity: moved.amount(row.quantity)?,
            });
        }
        for row in other.completes() {
            self.tables.completes.push(CompleteRow {
                entry: entry(row.entry)?,
                class: symbol(row.class)?,
                attributes: moved.set(row.attributes)?,
                over: row.over,
            });
        }
        for row in other.events() {
            self.push_event(EventRow {
                entry: entry(row.entry)?,
                class: symbol(row.class)?,
                event: row.event.map(symbol).transpose()?,
                toward: row.toward.map(symbol).transpose()?,
                attributes: moved.set(row.attributes)?,
                at: row.at,
            });
        }
        for row in other.acts() {
            self.tables.acts.push(ActRow {
                entry: entry(row.entry)?,
                act: match row.act {
                    ActKind::Named(name) => ActKind::Named(symbol(name)?),
                    known => known,
                },
                until: row.until,
                sets: row.sets.map(symbol).transpose()?,
                answers: row.answers.map(symbol).transpose()?,
            });
        }
        for row in other.concerns() {
            self.tables.concerns.push(ConcernRow {
                entry: entry(row.entry)?,
                text: row.text.clone(),
                replies: row.replies.map(symbol).transpose()?,
            });
        }
        Ok(())
    }
}

/// Where the other record's names, contexts, numbers and attributes are in this one.
struct Moved {
    symbols: Vec<Symbol>,
    contexts: Vec<ContextIndex>,
    numbers: Vec<Amount>,
    sets: Vec<AttributeSet>,
}

impl Moved {
    fn new(to: &mut Record, from: &Record) -> Result<Moved, Full> {
        let mut moved = Moved {
            symbols: Vec::with_capacity(from.symbols.len()),
            contexts: Vec::new(),
            numbers: Vec::new(),
            sets: Vec::with_capacity(from.attribute_sets()),
        };
        for (_, text) in from.symbols.iter() {
            moved.symbols.push(to.symbols.intern_checked(text)?);
        }
        for number in from.numbers() {
            let amount = to.intern_number(number.value, number.unit.clone())?;
            moved.numbers.push(amount);
        }
        let mut set = Vec::new();
        for index in 0..from.attribute_sets() {
            let index = AttributeSet(u32::try_from(index).map_err(|_| Full)?);
            set.clear();
            for &(name, datum) in from.attributes(index) {
                let datum = match datum {
                    Datum::Word(word) => Datum::Word(moved.symbol(word)?),
                    Datum::Amount(amount) => Datum::Amount(moved.amount(amount)?),
                    Datum::Date(date) => Datum::Date(date),
                };
                set.push((moved.symbol(name)?, datum));
            }
            moved.sets.push(to.intern_set(&set)?);
        }
        for context in from.contexts() {
            let file = from.files.get(context.file.0).ok_or(Full)?;
            let source = context.source.and_then(|source| from.sources.get(source.0));
            let context = Context {
                kind: context.kind,
                evidence: context.evidence,
                author: moved.symbol(context.author)?,
                party: moved.symbol(context.party)?,
                agreement: context
                    .agreement
                    .map(|name| moved.symbol(name))
                    .transpose()?,
                provision: context
                    .provision
                    .map(|name| moved.symbol(name))
                    .transpose()?,
                source: source.map(|source| to.intern_source(source)).transpose()?,
                file: to.intern_file(file)?,
            };
            moved.contexts.push(to.intern_context(context)?);
        }
        Ok(moved)
    }

    fn symbol(&self, symbol: Symbol) -> Result<Symbol, Full> {
        self.symbols.get(symbol.index()).copied().ok_or(Full)
    }

    fn context(&self, context: ContextIndex) -> Result<ContextIndex, Full> {
        self.contexts.get(context.index()).copied().ok_or(Full)
    }

    fn amount(&self, amount: Amount) -> Result<Amount, Full> {
        match amount {
            Amount::Whole(_) => Ok(amount),
            Amount::Number(index) => self.numbers.get(index.index()).copied().ok_or(Full),
        }
    }

    fn set(&self, set: AttributeSet) -> Result<AttributeSet, Full> {
        self.sets.get(set.index()).copied().ok_or(Full)
    }
}
