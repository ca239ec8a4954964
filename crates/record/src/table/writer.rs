//! Rows into columns of the record.

use std::sync::Arc;

use detente_quantity::{Date, Instant, When};

use super::cell::Cells;
use super::plain::Plain;
use super::plan::Plan;
#[cfg(feature = "parquet")]
use super::ready;
use super::slot::{Row, Slot};
use crate::entry::{Act, Evidence, Kind, Source};
use crate::read::fault::{Faults, Problem};
use crate::read::{time, words};
use crate::store::{
    ActRow, AttributeSet, CompleteRow, Context, ContextIndex, Datum, EntryIndex, EventRow,
    FileIndex, HeadRow, ItemRow, LotRow, Mark, Record, Symbol, ValueRow,
};

/// Writes the rows of one table.
pub(super) struct TableWriter<'r> {
    pub(super) record: &'r mut Record,
    plan: Plan,
    file: FileIndex,
    pub(super) faults: Faults,
    /// Changes whenever a column's dictionary does.
    pub(super) dictionary: usize,
    latest_context: Option<(Context, ContextIndex)>,
    latest_source: Option<(Source, crate::store::SourceIndex)>,
    latest_words: Option<(String, Kind, Evidence)>,
    /// The entry under way: its head and where it begins.
    open: Option<(HeadKey, EntryIndex, Mark)>,
    /// The symbols of the attributes' names, in the order of the plan.
    names: Names,
    set: Vec<(Symbol, Datum)>,
    /// For tables of the usual form.
    plain: Option<Plain>,
}

/// What makes rows belong together.
#[derive(Clone, Copy, PartialEq)]
struct HeadKey {
    id: Option<Symbol>,
    context: ContextIndex,
    as_of: When,
    made: Option<Instant>,
    corrects: Option<Symbol>,
}

#[derive(Default)]
pub(super) struct Names {
    pub(super) items: Vec<Vec<Symbol>>,
    lots: Vec<Vec<Symbol>>,
    completes: Vec<Vec<Symbol>>,
    pub(super) events: Vec<Vec<Symbol>>,
}

impl<'r> TableWriter<'r> {
    pub(super) fn new(
        record: &'r mut Record,
        file: FileIndex,
        plan: Plan,
        faults: Faults,
    ) -> TableWriter<'r> {
        let plain = Plain::new(record, &plan, file);
        let mut writer = TableWriter {
            record,
            plan,
            file,
            faults,
            dictionary: 0,
            latest_context: None,
            latest_source: None,
            latest_words: None,
            open: None,
            names: Names::default(),
            set: Vec::new(),
            plain,
        };
        if let Err(problem) = writer.intern_names() {
            writer.faults.add(None, None, problem);
        }
        writer
    }

    fn intern_names(&mut self) -> Result<(), Problem> {
        let record = &mut *self.record;
        let mut intern = |attributes: &[(String, Slot)]| -> Result<Vec<Symbol>, Problem> {
            let names = attributes
                .iter()
                .map(|(name, _)| crate::json::intern(record, name));
            names.collect()
        };
        for plan in &self.plan.items {
            self.names.items.push(intern(&plan.attributes)?);
        }
        for plan in &self.plan.lots {
            self.names.lots.push(intern(&plan.attributes)?);
        }
        for plan in &self.plan.completes {
            self.names.completes.push(intern(&plan.attributes)?);
        }
        for plan in &self.plan.events {
            self.names.events.push(intern(&plan.attributes)?);
        }
        Ok(())
    }

    /// Takes one row; its faults are noted. `place` is its place in a batch whose cells were worked out ahead.
    pub(super) fn row(&mut self, line: u64, cells: &impl Cells, place: usize) {
        let row = Row {
            cells,
            dictionary: self.dictionary,
            place,
        };
        if let Some(plain) = &mut self.plain
            && let Some(()) = plain.row(self.record, &mut self.plan, &self.names, line, &row)
        {
            return;
        }
        let skipped = self
            .plan
            .skip
            .iter()
            .any(|(column, skip)| skip.matches(&row.cells.cell(*column).text()));
        if skipped {
            return;
        }
        let before = self.record.mark();
        let Some((key, events_at)) = self.head(line, &row) else {
            // Look at the rest of the row all the same: all faults are reported at once.
            let entry = EntryIndex(u32::MAX);
            let day = When::Day(Date::MIN);
            let _ = self.statements(line, &row, entry, day);
            self.record.return_to(before);
            return;
        };
        let continued = match &self.open {
            Some((open, entry, _)) if self.plan.together && *open == key => Some(*entry),
            _ => None,
        };
        if continued.is_none() {
            self.close(line);
        }
        let Ok(next) = u32::try_from(self.record.len()) else {
            return self.faults.add(Some(line), None, crate::store::Full.into());
        };
        let entry = continued.unwrap_or(EntryIndex(next));
        if !self.statements(line, &row, entry, events_at) || continued.is_some() {
            return;
        }
        let Ok(narrow) = u32::try_from(line) else {
            let problem = crate::PushError::LineTooLarge { line };
            return self.faults.add(Some(line), None, problem.into());
        };
        let head = HeadRow {
            id: key.id,
            as_of: key.as_of,
            made: key.made,
            context: key.context,
            line: narrow,
            corrects: key.corrects,
        };
        match self.record.push_head(head) {
            Ok(entry) => {
                self.note(entry, &row);
                if self.plan.together {
                    self.open = Some((key, entry, before));
                } else if let Err(error) = self.record.refuse_repeated(before) {
                    self.faults.add(Some(line), None, error.into());
                }
            }
            Err(error) => {
                let label = self.plan.id.as_ref().map(|slot| slot.label.clone());
                self.faults.add(Some(line), label, error.into());
                self.record.return_to(before);
            }
        }
    }

    /// Works out the cells of a batch of rows, column by column.
    #[cfg(feature = "parquet")]
    pub(super) fn prepare(&mut self, rows: &mut impl ready::Rows, count: usize) {
        if self.plain.is_none() {
            return;
        }
        let (record, dictionary) = (&mut *self.record, self.dictionary);
        let plan = &mut self.plan;
        let optional = [
            &mut plan.party,
            &mut plan.id,
            &mut plan.agreement,
            &mut plan.provision,
            &mut plan.corrects,
        ];
        let names = optional.into_iter().flatten().chain([&mut plan.author]);
        for slot in names {
            ready::symbols(slot, record, rows, count, dictionary);
        }
        for slot in [&mut plan.made, &mut plan.as_of].into_iter().flatten() {
            ready::whens(slot, record, rows, count, dictionary);
        }
        for item in &mut plan.items {
            ready::symbols(&mut item.class, record, rows, count, dictionary);
            ready::symbols(&mut item.id, record, rows, count, dictionary);
            for (_, slot) in &mut item.attributes {
                ready::data(slot, record, rows, count, dictionary);
            }
        }
        for event in &mut plan.events {
            ready::symbols(&mut event.class, record, rows, count, dictionary);
            for slot in [&mut event.id, &mut event.toward].into_iter().flatten() {
                ready::symbols(slot, record, rows, count, dictionary);
            }
            if let Some(slot) = &mut event.at {
                ready::whens(slot, record, rows, count, dictionary);
            }
            for (_, slot) in &mut event.attributes {
                ready::data(slot, record, rows, count, dictionary);
            }
        }
    }

    /// Ends the entry under way.
    pub(super) fn close(&mut self, line: u64) {
        if let Some((_, entry, mark)) = self.open.take()
            && let Err(error) = self.record.refuse_repeated(mark)
        {
            let line = self
                .record
                .head(entry)
                .map_or(line, |head| u64::from(head.line));
            self.faults.add(Some(line), None, error.into());
        }
    }

    fn note(&mut self, entry: EntryIndex, row: &Row<'_, impl Cells>) {
        if let Some(slot) = &self.plan.note {
            let mut buffer = String::new();
            if let Some(text) = slot.text(row, &mut buffer) {
                let text = text.into_owned();
                self.record.push_note(entry, &text);
            }
        }
    }

    /// The head of a row's entry, and the time of its events that state none. `None`: faults were noted.
    fn head(&mut self, line: u64, row: &Row<'_, impl Cells>) -> Option<(HeadKey, When)> {
        let record = &mut *self.record;
        let plan = &mut self.plan;
        let faults = &mut self.faults;
        let mut noted = Noted { faults, line };

        let kind = noted.words(
            &mut self.latest_words,
            &plan.kind,
            plan.evidence.as_ref(),
            row,
        );
        let author = noted.needed(&mut plan.author, "an author", |slot| {
            slot.symbol(record, row)
        });
        let mut name = |slot: &mut Option<Slot>| {
            noted.optional(slot.as_mut(), |slot| slot.symbol(record, row))
        };
        let party = name(&mut plan.party);
        let id = name(&mut plan.id);
        let agreement = name(&mut plan.agreement);
        let provision = name(&mut plan.provision);
        let corrects = name(&mut plan.corrects);
        let source = match &mut plan.source {
            Some(slots) => {
                let source = source_of(slots, row);
                match (&self.latest_source, source) {
                    (_, None) => Some(None),
                    (Some((latest, index)), Some(source)) if *latest == source => {
                        Some(Some(*index))
                    }
                    (_, Some(source)) => {
                        let index = record.intern_source(&Arc::new(source.clone()));
                        if let Ok(index) = index {
                            self.latest_source = Some((source, index));
                        }
                        noted.note(None, index.map(Some).map_err(Problem::from))
                    }
                }
            }
            None => Some(None),
        };
        let made = noted.optional(plan.made.as_mut(), |slot| slot.when(row));
        let as_of = match &mut plan.as_of {
            Some(slot) => noted.needed(slot, "the date as of which the row is true", |slot| {
                slot.when(row)
            }),
            // The time of the first event that states one.
            None => {
                let at = plan.events.iter_mut().find_map(|event| event.at.as_mut());
                match at {
                    Some(slot) => {
                        noted.needed(slot, "the time of the event", |slot| slot.when(row))
                    }
                    None => noted.note(None, Err(Problem::MissingField("as_of"))),
                }
            }
        };
        let (kind, evidence) = kind?;
        let (author, as_of) = (author?, as_of?);
        let context = Context {
            kind,
            evidence,
            author,
            party: party?.unwrap_or(author),
            agreement: agreement?,
            provision: provision?,
            source: source?,
            file: self.file,
        };
        let context = match &self.latest_context {
            Some((latest, index)) if *latest == context => *index,
            _ => {
                let index = record.intern_context(context).map_err(Problem::from);
                let index = noted.note(None, index)?;
                self.latest_context = Some((context, index));
                index
            }
        };
        let (id, corrects) = (id?, corrects?);
        if id.is_some() && id == corrects {
            return noted.note(None, Err(crate::PushError::CorrectsItself.into()));
        }
        let key = HeadKey {
            id,
            context,
            as_of,
            made: made?.map(time::made),
            corrects,
        };
        Some((key, as_of))
    }

    /// The statements of a row. Whether there was any.
    fn statements(
        &mut self,
        line: u64,
        row: &Row<'_, impl Cells>,
        entry: EntryIndex,
        events_at: When,
    ) -> bool {
        let record = &mut *self.record;
        let plan = &mut self.plan;
        let set = &mut self.set;
        let mut noted = Noted {
            faults: &mut self.faults,
            line,
        };
        let mut any = false;
        for value in &mut plan.values {
            let amount = noted.optional(Some(&mut value.value), |slot| slot.value(record, row));
            if amount == Some(None) {
                continue;
            }
            let measure = noted.needed(&mut value.measure, "a measure", |slot| {
                slot.symbol(record, row)
            });
            let over = noted.period(value.over.as_mut(), row);
            if let (Some(Some(amount)), Some(measure), Some(over)) = (amount, measure, over) {
                any = true;
                record.tables_mut().values.push(ValueRow {
                    entry,
                    measure,
                    value: amount,
                    over,
                });
            }
        }
        for (item, names) in plan.items.iter_mut().zip(&self.names.items) {
            let class = noted.optional(Some(&mut item.class), |slot| slot.symbol(record, row));
            if class == Some(None) {
                continue;
            }
            let attributes = noted.attributes(&mut item.attributes, names, set, record, row);
            let id = noted.needed(&mut item.id, "the item's identity", |slot| {
                slot.symbol(record, row)
            });
            let gone = match &item.gone {
                Some(slot) => noted.note(Some(slot), slot.truth(row)),
                None => Some(false),
            };
            if let (Some(attributes), Some(Some(class)), Some(item), Some(gone)) =
                (attributes, class, id, gone)
            {
                any = true;
                record.tables_mut().items.push(ItemRow {
                    entry,
                    class,
                    item,
                    attributes,
                    gone,
                });
            }
        }
        for (lot, names) in plan.lots.iter_mut().zip(&self.names.lots) {
            let class = noted.optional(Some(&mut lot.class), |slot| slot.symbol(record, row));
            if class == Some(None) {
                continue;
            }
            let quantity = noted.optional(Some(&mut lot.quantity), |slot| {
                let quantity = slot.quantity(record, row)?;
                match quantity.and_then(|quantity| record.unit(quantity)) {
                    Some(unit) => Err(Problem::Amount(format!(
                        "the quantity of a lot is a number of things and has no unit; put the {unit} into an attribute"
                    ))),
                    None => Ok(quantity),
                }
            });
            if quantity == Some(None) {
                continue;
            }
            let attributes = noted.attributes(&mut lot.attributes, names, set, record, row);
            let id = noted.optional(lot.id.as_mut(), |slot| slot.symbol(record, row));
            if let (Some(Some(quantity)), Some(attributes), Some(Some(class)), Some(lot)) =
                (quantity, attributes, class, id)
            {
                any = true;
                record.tables_mut().lots.push(LotRow {
                    entry,
                    class,
                    lot,
                    attributes,
                    quantity,
                });
            }
        }
        for (event, names) in plan.events.iter_mut().zip(&self.names.events) {
            let class = noted.optional(Some(&mut event.class), |slot| slot.symbol(record, row));
            if class == Some(None) {
                continue;
            }
            let attributes = noted.attributes(&mut event.attributes, names, set, record, row);
            let id = noted.optional(event.id.as_mut(), |slot| slot.symbol(record, row));
            let at = noted.optional(event.at.as_mut(), |slot| slot.when(row));
            let toward = noted.optional(event.toward.as_mut(), |slot| slot.symbol(record, row));
            if let (Some(attributes), Some(Some(class)), Some(event), Some(at), Some(toward)) =
                (attributes, class, id, at, toward)
            {
                any = true;
                record.push_event(EventRow {
                    entry,
                    class,
                    event,
                    toward,
                    attributes,
                    at: at.unwrap_or(events_at),
                });
            }
        }
        if let Some(act) = &mut plan.act {
            any |= push_act(act, &mut noted, record, row, entry);
        }
        for (complete, names) in plan.completes.iter_mut().zip(&self.names.completes) {
            let attributes = noted.attributes(&mut complete.attributes, names, set, record, row);
            let class = noted.optional(Some(&mut complete.class), |slot| slot.symbol(record, row));
            let over = noted.period(complete.over.as_mut(), row);
            if let (Some(attributes), Some(Some(class)), Some(over)) = (attributes, class, over) {
                let new = CompleteRow {
                    entry,
                    class,
                    attributes,
                    over,
                };
                any = true;
                // Rows that are one entry say so once.
                let said = record.completes().iter().rev();
                let mut said = said.take_while(|row| row.entry == entry);
                if !said.any(|row| *row == new) {
                    record.tables_mut().completes.push(new);
                }
            }
        }
        any
    }
}

fn push_act(
    act: &mut super::plan::ActPlan,
    noted: &mut Noted<'_>,
    record: &mut Record,
    row: &Row<'_, impl Cells>,
    entry: EntryIndex,
) -> bool {
    let mut buffer = String::new();
    let label = act.act.label.clone();
    let Some(word) = act.act.text(row, &mut buffer) else {
        return false;
    };
    let kind = Act::from_text(&word).map_err(Problem::from);
    let kind = kind.and_then(|kind| Ok(record.act_kind(&kind)?));
    let kind = noted.labelled(Some(label), kind);
    let until = noted.optional(act.until.as_mut(), |slot| slot.date(row));
    let sets = noted.optional(act.sets.as_mut(), |slot| slot.symbol(record, row));
    let answers = noted.optional(act.answers.as_mut(), |slot| slot.symbol(record, row));
    let (Some(act), Some(until), Some(sets), Some(answers)) = (kind, until, sets, answers) else {
        return false;
    };
    record.tables_mut().acts.push(ActRow {
        entry,
        act,
        until,
        sets,
        answers,
    });
    true
}

/// The document of a row, if anything of it is said.
pub(super) fn source_of(slots: &[Option<Slot>; 3], row: &Row<'_, impl Cells>) -> Option<Source> {
    let text = |slot: &Option<Slot>| {
        let mut buffer = String::new();
        let text = slot.as_ref()?.text(row, &mut buffer)?;
        Some(text.into_owned())
    };
    let [document, page, url] = slots;
    let (document, page, url) = (text(document), text(page), text(url));
    if document.is_none() && page.is_none() && url.is_none() {
        return None;
    }
    Some(Source {
        document: document.unwrap_or_default(),
        page,
        url,
    })
}

/// Notes faults of one row.
struct Noted<'a> {
    faults: &'a mut Faults,
    line: u64,
}

impl Noted<'_> {
    fn note<T>(&mut self, slot: Option<&Slot>, result: Result<T, Problem>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(problem) => {
                let label = slot.map(|slot| slot.label.clone());
                self.faults.add(Some(self.line), label, problem);
                None
            }
        }
    }

    fn labelled<T>(&mut self, label: Option<String>, result: Result<T, Problem>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(problem) => {
                self.faults.add(Some(self.line), label, problem);
                None
            }
        }
    }

    /// A field that may be empty. `None`: a fault.
    fn optional<T>(
        &mut self,
        slot: Option<&mut Slot>,
        read: impl FnOnce(&mut Slot) -> Result<Option<T>, Problem>,
    ) -> Option<Option<T>> {
        let Some(slot) = slot else {
            return Some(None);
        };
        match read(slot) {
            Ok(value) => Some(value),
            Err(problem) => self.note(Some(slot), Err(problem)),
        }
    }

    /// A field that must not be empty. `None`: a fault.
    fn needed<T>(
        &mut self,
        slot: &mut Slot,
        what: &'static str,
        read: impl FnOnce(&mut Slot) -> Result<Option<T>, Problem>,
    ) -> Option<T> {
        match read(slot) {
            Ok(Some(value)) => Some(value),
            Ok(None) => self.note(Some(slot), Err(Problem::EmptyCell(what))),
            Err(problem) => self.note(Some(slot), Err(problem)),
        }
    }

    fn attributes(
        &mut self,
        slots: &mut [(String, Slot)],
        names: &[Symbol],
        set: &mut Vec<(Symbol, Datum)>,
        record: &mut Record,
        row: &Row<'_, impl Cells>,
    ) -> Option<AttributeSet> {
        set.clear();
        let mut good = true;
        for ((_, slot), name) in slots.iter_mut().zip(names) {
            match slot.datum(record, row) {
                Ok(Some(datum)) => set.push((*name, datum)),
                Ok(None) => {}
                Err(problem) => {
                    good = false;
                    self.note::<()>(Some(slot), Err(problem));
                }
            }
        }
        let set = record.intern_set(set).map_err(Problem::from);
        self.note(None, set).filter(|_| good)
    }

    fn period(
        &mut self,
        slots: Option<&mut (Slot, Slot)>,
        row: &Row<'_, impl Cells>,
    ) -> Option<Option<(Date, Date)>> {
        let Some((from, until)) = slots else {
            return Some(None);
        };
        let start = self.needed(from, "the period's beginning", |slot| slot.date(row));
        let end = self.needed(until, "the period's end", |slot| slot.date(row));
        let (start, end) = (start?, end?);
        if end <= start {
            let problem = crate::PushError::EmptyPeriod {
                what: "the row".to_owned(),
                from: start,
                until: end,
            };
            return self.note(Some(until), Err(problem.into()));
        }
        Some(Some((start, end)))
    }

    /// Kind and evidence, worked out anew only when the words change.
    fn words(
        &mut self,
        latest: &mut Option<(String, Kind, Evidence)>,
        kind: &Slot,
        evidence: Option<&Slot>,
        row: &Row<'_, impl Cells>,
    ) -> Option<(Kind, Evidence)> {
        let (mut kind_buffer, mut evidence_buffer) = (String::new(), String::new());
        let kind_word = kind.text(row, &mut kind_buffer);
        let evidence_word = evidence.and_then(|slot| slot.text(row, &mut evidence_buffer));
        let (kind_word, evidence_word) = (
            kind_word.as_deref().unwrap_or(""),
            evidence_word.as_deref().unwrap_or(""),
        );
        if let Some((words, kind, evidence)) = latest
            && words.len() == kind_word.len() + evidence_word.len()
            && words.starts_with(kind_word)
            && words.ends_with(evidence_word)
        {
            return Some((*kind, *evidence));
        }
        let found_kind = if kind_word.is_empty() {
            Err(Problem::EmptyCell("a kind of entry"))
        } else {
            words::kind(kind_word)
        };
        let found_kind = self.note(Some(kind), found_kind);
        let found_evidence = if evidence_word.is_empty() {
            found_kind.map(Kind::usual_evidence)
        } else {
            let label = evidence.map(|slot| slot.label.clone());
            self.labelled(label, words::evidence(evidence_word))
        };
        let (kind, evidence) = (found_kind?, found_evidence?);
        *latest = Some((format!("{kind_word}{evidence_word}"), kind, evidence));
        Some((kind, evidence))
    }
}
