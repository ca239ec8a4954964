//! Adding an entry.

use std::sync::Arc;

use detente_quantity::{Instant, Interval, Name, Unit, When};

use super::normal::is_negative;
use super::rows::{
    ActKind, ActRow, Amount, AttributeSet, CompleteRow, ConcernRow, Context, ContextIndex, Datum,
    EntryIndex, EventRow, FileIndex, Head, ItemRow, LotRow, SourceIndex, UNRECORDED, ValueRow,
};
use super::symbols::{Full, Symbol};
use super::{Record, Tables};
use crate::entry::{Act, Entry, Origin, Source, Statement, Value};

/// Why an entry was not taken. Nothing of it is in the record.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PushError {
    /// Two entries have one id.
    #[error(
        "the id \"{id}\" is already used at {first}; give this entry another one (to correct the first, name it in \"corrects\")"
    )]
    DuplicateId {
        /// The id.
        id: String,
        /// Where it was used first.
        first: Origin,
    },
    /// One entry states one thing twice.
    #[error("{what} is stated twice in one entry; keep one, or make two entries")]
    Repeated {
        /// What: `the value of "warheads"`, `item "M-17" of class "missile"`.
        what: String,
    },
    /// A negative number of things.
    #[error("{what} is {value}, but it cannot be negative; check the sign")]
    Negative {
        /// What.
        what: String,
        /// The value as it stands.
        value: String,
    },
    /// A period that ends before it begins.
    #[error(
        "the period of {what} runs from {from} until {until}; the end is excluded and must be later"
    )]
    EmptyPeriod {
        /// What.
        what: String,
        /// Its beginning.
        from: detente_quantity::Date,
        /// Its end.
        until: detente_quantity::Date,
    },
    /// An entry that corrects itself.
    #[error("the entry corrects itself; name the entry that it corrects")]
    CorrectsItself,
    /// An id or a file name that cannot be kept.
    #[error(
        "the line {line} is beyond {}, the most that a record can name",
        u32::MAX
    )]
    LineTooLarge {
        /// The line.
        line: u64,
    },
    /// No room.
    #[error(transparent)]
    Full(#[from] Full),
}

/// What stands at the head of an entry, to be put into columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeadRow {
    pub(crate) id: Option<Symbol>,
    pub(crate) as_of: When,
    pub(crate) made: Option<Instant>,
    pub(crate) context: ContextIndex,
    pub(crate) line: u32,
    pub(crate) corrects: Option<Symbol>,
}

/// How far a record had grown, to return to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(super) heads: usize,
    pub(super) values: usize,
    pub(super) items: usize,
    pub(super) lots: usize,
    pub(super) completes: usize,
    pub(super) events: usize,
    pub(super) acts: usize,
    pub(super) concerns: usize,
    pub(super) instants: usize,
    pub(super) corrections: usize,
    pub(super) notes: usize,
    pub(super) contexts: usize,
    pub(super) sources: usize,
    pub(super) files: usize,
    pub(super) numbers: usize,
    pub(super) sets: usize,
}

impl Record {
    /// Adds an entry, in normal form (see the [module](super)).
    ///
    /// # Errors
    /// When its id is taken, when it contradicts itself, or when no room is left; the record is then as
    /// before.
    pub fn push(&mut self, entry: Entry) -> Result<EntryIndex, PushError> {
        let mark = self.mark();
        let added = self.push_checked(&entry.normalise(), mark);
        if added.is_err() {
            self.return_to(mark);
        }
        added
    }

    fn push_checked(&mut self, entry: &Entry, mark: Mark) -> Result<EntryIndex, PushError> {
        let line = u32::try_from(entry.origin.line).map_err(|_| PushError::LineTooLarge {
            line: entry.origin.line,
        })?;
        if entry.corrects.as_ref() == Some(&entry.id) {
            return Err(PushError::CorrectsItself);
        }
        let context = Context {
            kind: entry.kind,
            evidence: entry.evidence,
            author: self.symbols.intern(&entry.author)?,
            party: self.symbols.intern(&entry.party)?,
            agreement: self.intern_option(entry.agreement.as_ref())?,
            provision: self.intern_option(entry.provision.as_ref())?,
            source: match &entry.source {
                Some(source) => Some(self.intern_source(source)?),
                None => None,
            },
            file: self.intern_file(&entry.origin.file)?,
        };
        let head = HeadRow {
            id: Some(self.symbols.intern(&entry.id)?),
            as_of: entry.as_of,
            made: entry.made,
            context: self.intern_context(context)?,
            line,
            corrects: self.intern_option(entry.corrects.as_ref())?,
        };
        let index = self.push_head(head)?;
        if let Some(note) = &entry.note {
            self.notes.push((index, note.as_str().into()));
        }
        for statement in &entry.statements {
            self.push_statement(index, statement)?;
        }
        self.refuse_repeated(mark)?;
        Ok(index)
    }

    fn push_statement(
        &mut self,
        entry: EntryIndex,
        statement: &Statement,
    ) -> Result<(), PushError> {
        match statement {
            Statement::Value {
                measure,
                value,
                unit,
                over,
            } => {
                refuse_negative(value, unit.as_ref(), || {
                    format!("the value of \"{measure}\"")
                })?;
                refuse_empty(*over, || format!("the value of \"{measure}\""))?;
                let row = ValueRow {
                    entry,
                    measure: self.symbols.intern(measure)?,
                    value: self.numbers.intern(*value, unit.clone())?,
                    over: *over,
                };
                self.tables.values.push(row);
            }
            Statement::Item {
                class,
                item,
                attributes,
                gone,
            } => {
                let row = ItemRow {
                    entry,
                    class: self.symbols.intern(class)?,
                    item: self.symbols.intern(item)?,
                    attributes: self.push_attributes(attributes)?,
                    gone: *gone,
                };
                self.tables.items.push(row);
            }
            Statement::Lot {
                class,
                lot,
                attributes,
                quantity,
            } => {
                refuse_negative(quantity, None, || {
                    format!("the quantity of a lot of \"{class}\"")
                })?;
                let row = LotRow {
                    entry,
                    class: self.symbols.intern(class)?,
                    lot: self.intern_option(lot.as_ref())?,
                    attributes: self.push_attributes(attributes)?,
                    quantity: self.numbers.intern(*quantity, None)?,
                };
                self.tables.lots.push(row);
            }
            Statement::Complete {
                class,
                attributes,
                over,
            } => {
                refuse_empty(*over, || format!("the complete list of \"{class}\""))?;
                let row = CompleteRow {
                    entry,
                    class: self.symbols.intern(class)?,
                    attributes: self.push_attributes(attributes)?,
                    over: *over,
                };
                self.tables.completes.push(row);
            }
            Statement::Event {
                class,
                event,
                at,
                toward,
                attributes,
            } => {
                let row = EventRow {
                    entry,
                    class: self.symbols.intern(class)?,
                    event: Some(self.symbols.intern(event)?),
                    toward: self.intern_option(toward.as_ref())?,
                    attributes: self.push_attributes(attributes)?,
                    at: *at,
                };
                self.push_event(row);
            }
            Statement::Act {
                act,
                until,
                sets,
                answers,
            } => {
                let row = ActRow {
                    entry,
                    act: self.act_kind(act)?,
                    until: *until,
                    sets: self.intern_option(sets.as_ref())?,
                    answers: self.intern_option(answers.as_ref())?,
                };
                self.tables.acts.push(row);
            }
            Statement::Concern { text, replies } => {
                let row = ConcernRow {
                    entry,
                    text: text.as_str().into(),
                    replies: self.intern_option(replies.as_ref())?,
                };
                self.tables.concerns.push(row);
            }
        }
        Ok(())
    }

    fn push_attributes(&mut self, attributes: &[(Name, Value)]) -> Result<AttributeSet, PushError> {
        let mut set = Vec::with_capacity(attributes.len());
        for (name, value) in attributes {
            let datum = match value {
                Value::Word(word) => Datum::Word(self.symbols.intern(word)?),
                Value::Number(value, unit) => {
                    refuse_negative(value, unit.as_ref(), || format!("\"{name}\""))?;
                    Datum::Amount(self.numbers.intern(*value, unit.clone())?)
                }
                Value::Date(date) => Datum::Date(*date),
            };
            let name = self.symbols.intern(name)?;
            // Sorted by name: two of one name lie side by side.
            if set.last().is_some_and(|&(last, _)| last == name) {
                return Err(self.repeated_attribute(name));
            }
            set.push((name, datum));
        }
        Ok(self.attributes.intern(&set)?)
    }

    pub(crate) fn act_kind(&mut self, act: &Act) -> Result<ActKind, Full> {
        Ok(match act {
            Act::Signature => ActKind::Signature,
            Act::Ratification => ActKind::Ratification,
            Act::Accession => ActKind::Accession,
            Act::EntryIntoForce => ActKind::EntryIntoForce,
            Act::ProvisionalApplication => ActKind::ProvisionalApplication,
            Act::Extension => ActKind::Extension,
            Act::Suspension => ActKind::Suspension,
            Act::Dispute => ActKind::Dispute,
            Act::Acceptance => ActKind::Acceptance,
            Act::Resumption => ActKind::Resumption,
            Act::Withdrawal => ActKind::Withdrawal,
            Act::Termination => ActKind::Termination,
            Act::Named(name) => ActKind::Named(self.symbols.intern(name)?),
        })
    }
}

/// The steps, for readers that write columns without building entries.
impl Record {
    pub(crate) fn symbols_mut(&mut self) -> &mut super::Symbols {
        &mut self.symbols
    }

    pub(crate) fn intern_source(&mut self, source: &Arc<Source>) -> Result<SourceIndex, Full> {
        self.sources.intern(Arc::clone(source)).map(SourceIndex)
    }

    pub(crate) fn intern_file(&mut self, file: &Arc<str>) -> Result<FileIndex, Full> {
        self.files.intern(Arc::clone(file)).map(FileIndex)
    }

    pub(crate) fn intern_context(&mut self, context: Context) -> Result<ContextIndex, Full> {
        // Tables go round among a few parties: look where this author and party were last.
        let slot = (context.author.index() ^ context.party.index().rotate_left(3)) % 64;
        if let Some((known, index)) = self.recent_contexts.get(slot)
            && *known == context
        {
            return Ok(*index);
        }
        let index = self.contexts.intern(context).map(ContextIndex)?;
        if self.recent_contexts.is_empty() {
            self.recent_contexts = vec![(context, index); 64];
        }
        if let Some(recent) = self.recent_contexts.get_mut(slot) {
            *recent = (context, index);
        }
        Ok(index)
    }

    pub(crate) fn intern_set(&mut self, set: &[(Symbol, Datum)]) -> Result<AttributeSet, Full> {
        self.attributes.intern(set)
    }

    pub(crate) fn intern_number(
        &mut self,
        value: Interval,
        unit: Option<Unit>,
    ) -> Result<Amount, Full> {
        self.numbers.intern(value, unit)
    }

    fn intern_option(&mut self, name: Option<&Name>) -> Result<Option<Symbol>, Full> {
        name.map(|name| self.symbols.intern(name)).transpose()
    }

    /// The index of the entry whose head is pushed next.
    pub(crate) fn next_entry(&self) -> Result<EntryIndex, Full> {
        let index = u32::try_from(self.heads.len()).map_err(|_| Full)?;
        Ok(EntryIndex(index))
    }

    pub(crate) fn push_head(&mut self, head: HeadRow) -> Result<EntryIndex, PushError> {
        let index = self.next_entry()?;
        let file = self
            .contexts
            .get(head.context.0)
            .map(|context| context.file);
        match head.id {
            Some(id) => {
                if let Some(first) = self.resolve(id) {
                    return Err(self.duplicate(id, first));
                }
                self.ids.insert(id, index)?;
                self.note_name(id);
            }
            None => {
                let file = file.unwrap_or(FileIndex(0));
                if !self.rows_without_id.named_so.is_empty() {
                    let text = format!("{}:{}", self.file_name(file), head.line);
                    if let Some(first) = self.find_text(&text) {
                        return Err(PushError::DuplicateId {
                            id: text,
                            first: self.origin(first),
                        });
                    }
                }
                self.rows_without_id.add(index, file, head.line);
            }
        }
        self.heads.push(Head {
            made: head.made.map_or(UNRECORDED, Instant::micros),
            day: head.as_of.date(),
            id: head.id,
            context: head.context,
            line: head.line,
        });
        if let When::At(instant) = head.as_of {
            self.instants.push((index, instant));
        }
        if let Some(corrects) = head.corrects {
            self.corrections.push((index, corrects));
        }
        Ok(index)
    }

    fn duplicate(&self, id: Symbol, first: EntryIndex) -> PushError {
        PushError::DuplicateId {
            id: self.text(id).to_owned(),
            first: self.origin(first),
        }
    }

    pub(crate) fn push_event(&mut self, row: EventRow) {
        if let Some(name) = row.event {
            self.note_name(name);
        }
        self.tables.events.push(row);
    }

    pub(crate) fn push_note(&mut self, entry: EntryIndex, note: &str) {
        self.notes.push((entry, note.into()));
    }

    pub(crate) fn tables_mut(&mut self) -> &mut Tables {
        &mut self.tables
    }

    /// Makes room for so many more entries.
    pub(crate) fn reserve(&mut self, entries: usize) {
        self.heads.reserve(entries);
    }

    pub(crate) fn mark(&self) -> Mark {
        let tables = &self.tables;
        Mark {
            heads: self.heads.len(),
            values: tables.values.len(),
            items: tables.items.len(),
            lots: tables.lots.len(),
            completes: tables.completes.len(),
            events: tables.events.len(),
            acts: tables.acts.len(),
            concerns: tables.concerns.len(),
            instants: self.instants.len(),
            corrections: self.corrections.len(),
            notes: self.notes.len(),
            contexts: self.contexts.len(),
            sources: self.sources.len(),
            files: self.files.len(),
            numbers: self.numbers.values().len(),
            sets: self.attributes.len(),
        }
    }

    /// Takes back all that was added since the mark. Names first seen since stay known; nothing refers to them.
    pub(crate) fn return_to(&mut self, mark: Mark) {
        for head in self.heads.get(mark.heads..).unwrap_or_default() {
            if let Some(id) = head.id {
                self.ids.remove(id);
            }
        }
        let line_before = mark
            .heads
            .checked_sub(1)
            .and_then(|last| self.heads.get(last))
            .map(|head| head.line);
        self.heads.truncate(mark.heads);
        if let Ok(first) = u32::try_from(mark.heads) {
            self.rows_without_id
                .forget_from(EntryIndex(first), line_before);
        }
        let tables = &mut self.tables;
        tables.values.truncate(mark.values);
        tables.items.truncate(mark.items);
        tables.lots.truncate(mark.lots);
        tables.completes.truncate(mark.completes);
        tables.events.truncate(mark.events);
        tables.acts.truncate(mark.acts);
        tables.concerns.truncate(mark.concerns);
        self.instants.truncate(mark.instants);
        self.corrections.truncate(mark.corrections);
        self.notes.truncate(mark.notes);
        self.contexts.truncate(mark.contexts);
        self.recent_contexts.clear();
        self.sources.truncate(mark.sources);
        self.files.truncate(mark.files);
        self.numbers.truncate(mark.numbers);
        self.attributes.truncate(mark.sets);
    }
}

fn refuse_empty(
    over: Option<(detente_quantity::Date, detente_quantity::Date)>,
    what: impl FnOnce() -> String,
) -> Result<(), PushError> {
    match over {
        Some((from, until)) if until <= from => Err(PushError::EmptyPeriod {
            what: what(),
            from,
            until,
        }),
        _ => Ok(()),
    }
}

/// See [`may_be_negative`].
fn refuse_negative(
    value: &Interval,
    unit: Option<&Unit>,
    what: impl FnOnce() -> String,
) -> Result<(), PushError> {
    if !is_negative(value, unit) {
        return Ok(());
    }
    Err(PushError::Negative {
        what: what(),
        value: value.to_string(),
    })
}
