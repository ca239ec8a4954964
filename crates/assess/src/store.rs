//! What a record says, sorted by what it speaks of: values, registers, events, acts.

use crate::acts::{ActFact, acts};
use crate::classes::{Classes, in_base};
use crate::counting::{ContextView, Contexts, Counting, Lookup};
use crate::entry_set::EntrySet;
use crate::leaves::events::{Addressee, Cover, EventRow, EventTable};
use crate::leaves::register::{CompleteFact, Register, Row, ThingKind};
use crate::leaves::values::ValueFact;
use crate::options::Options;
use crate::remarks::Remarks;
use crate::track::Day;
use detente_agreement::model::{ActorIndex, Agreement, MeasureIndex};
use detente_quantity::Interval;
use detente_record::store::{
    CompleteRow, EventIdentity, EventRow as RecordEventRow, ItemRow, LotRow, ValueRow,
};
use detente_record::{EntryIndex, Record, Symbol};
use hashbrown::HashMap;
use std::collections::BTreeMap;

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pub(crate) contexts: Contexts,
    pub(crate) counting: Counting,
    pub(crate) classes: Classes,
    pub(crate) acts: Vec<ActFact>,
    pub(crate) values: BTreeMap<(MeasureIndex, ActorIndex), Vec<ValueFact>>,
    /// In no order that matters; `by_party` gives the order in which they are combined.
    pub(crate) registers: Vec<Register>,
    pub(crate) register_of: HashMap<(usize, ActorIndex, Symbol, bool), usize>,
    pub(crate) events: Vec<EventTable>,
    pub(crate) remarks: Remarks,
    pub(crate) act_remarks: Remarks,
    /// See [`Record::names_of_rows`].
    pub(crate) names_of_rows: usize,
    pub(crate) measures: Lookup,
}

/// What a statement of completeness is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Completed {
    /// The place of the register.
    Register(usize),
    /// The class of events and their maker.
    Events(usize, ActorIndex),
}

impl Store {
    /// Takes in all entries seen.
    pub(crate) fn new(
        agreement: &Agreement,
        record: &Record,
        seen: &EntrySet,
        options: &Options,
    ) -> Store {
        let mut remarks = Remarks::default();
        let mut contexts = Contexts::new(agreement);
        contexts.update(record, options);
        let counting = Counting::new(record, &contexts, seen, options, &mut remarks);
        let mut act_remarks = Remarks::default();
        let acts = acts(agreement, record, &contexts, &counting, &mut act_remarks);
        let mut store = Store {
            contexts,
            counting,
            classes: Classes::new(agreement),
            acts,
            values: BTreeMap::new(),
            registers: Vec::new(),
            register_of: HashMap::new(),
            events: agreement
                .events
                .iter()
                .map(|class| EventTable::new(class.attributes.len()))
                .collect(),
            remarks,
            act_remarks,
            names_of_rows: record.names_of_rows(),
            measures: Lookup::new(
                agreement
                    .measures
                    .iter()
                    .map(|measure| measure.name.as_str()),
            ),
        };
        for row in record.values() {
            if let Some(view) = store.speaker(record, row.entry) {
                store.take_value(agreement, record, row, &view);
            }
        }
        for row in record.items() {
            if let Some(view) = store.speaker(record, row.entry)
                && let Some((register, row)) = store.item_row(agreement, record, row, &view)
            {
                store.registers[register].items.push(row);
            }
        }
        for row in record.lots() {
            if let Some(view) = store.speaker(record, row.entry) {
                match store.lot_row(agreement, record, row, &view) {
                    Some((register, ThingKind::Lot, row)) => {
                        store.registers[register].lots.push(row);
                    }
                    Some((register, _, row)) => store.registers[register].anonymous.push(row),
                    None => {}
                }
            }
        }
        for row in record.completes() {
            if let Some(view) = store.speaker(record, row.entry) {
                store.take_complete(agreement, record, row, &view);
            }
        }
        for row in record.events() {
            if let Some(view) = store.speaker(record, row.entry) {
                let found = store.event_row(agreement, record, row, &view);
                if let Some((class, maker, identity, row)) = found {
                    store.events[class].push(&store.classes.events[class], maker, identity, row);
                }
            }
        }
        for register in &mut store.registers {
            register.settle(record);
        }
        for (index, table) in store.events.iter_mut().enumerate() {
            table.settle(record, &store.classes.events[index]);
        }
        store
    }

    /// The context of an entry whose statements count.
    #[inline]
    pub(crate) fn speaker(&self, record: &Record, entry: EntryIndex) -> Option<ContextView> {
        if !self.counting.counts(entry) {
            return None;
        }
        self.contexts.of(record, entry).filter(|view| view.speaks)
    }

    /// The party an entry is about, if the agreement knows it.
    fn about(
        &mut self,
        record: &Record,
        entry: EntryIndex,
        view: &ContextView,
    ) -> Option<ActorIndex> {
        if view.party_actor.is_none() {
            let party = record.text(view.party);
            let text = format!(
                "`{party}` is neither a party nor a body of the agreement; what is said of it is left out"
            );
            self.remarks.on(record, entry, text);
        }
        view.party_actor
    }

    /// Takes a value in, and tells of what it is.
    pub(crate) fn take_value(
        &mut self,
        agreement: &Agreement,
        record: &Record,
        row: &ValueRow,
        view: &ContextView,
    ) -> Option<(MeasureIndex, ActorIndex)> {
        let party = self.about(record, row.entry, view)?;
        let name = record.text(row.measure);
        let Some(index) = self.measures.get(record, row.measure) else {
            let text = format!("`{name}` is no measure of the agreement; its value is left out");
            self.remarks.on(record, row.entry, text);
            return None;
        };
        let measure = agreement.measures.get(index as usize)?;
        let value: Interval = match in_base(record, row.value, &measure.unit) {
            Ok(value) => value,
            Err(why) => {
                let text = format!("the value of `{name}` is left out: {why}");
                self.remarks.on(record, row.entry, text);
                return None;
            }
        };
        let key = (MeasureIndex(index), party);
        self.values.entry(key).or_default().push(ValueFact {
            entry: row.entry,
            author: view.author,
            estimate: view.estimate,
            day: record.head(row.entry)?.day.days(),
            value,
            over: row.over.map(|(from, to)| (from.days(), to.days())),
        });
        Some(key)
    }

    fn unknown_class(&mut self, record: &Record, entry: EntryIndex, class: Symbol, of: &str) {
        let text = format!(
            "`{}` is no class of {of} of the agreement; it is left out",
            record.text(class)
        );
        self.remarks.on(record, entry, text);
    }

    /// The place of the register of an entry's author about a party.
    pub(crate) fn register(
        &mut self,
        class: usize,
        party: ActorIndex,
        view: &ContextView,
    ) -> usize {
        let key = (class, party, view.author, view.estimate);
        match self.register_of.get(&key) {
            Some(index) => *index,
            None => {
                let width = self.classes.items[class].attributes;
                self.registers.push(Register::new(
                    party,
                    class,
                    view.author,
                    view.estimate,
                    width,
                ));
                self.register_of.insert(key, self.registers.len() - 1);
                self.registers.len() - 1
            }
        }
    }

    /// An item's statement: its register and the row in it.
    pub(crate) fn item_row(
        &mut self,
        agreement: &Agreement,
        record: &Record,
        row: &ItemRow,
        view: &ContextView,
    ) -> Option<(usize, Row)> {
        let Some(class) = self.classes.item(record, row.class) else {
            self.unknown_class(record, row.entry, row.class, "items");
            return None;
        };
        let party = self.about(record, row.entry, view)?;
        let day: Day = record.head(row.entry)?.day.days();
        let payload = self.classes.items[class].read(
            agreement,
            record,
            row.attributes,
            row.entry,
            &mut self.remarks,
        );
        let new = Row {
            thing: row.item.index() as u32,
            day,
            entry: row.entry.0,
            payload,
            extra: u32::from(row.gone),
        };
        Some((self.register(class, party, view), new))
    }

    /// A lot's statement: its register, its kind and the row in it.
    pub(crate) fn lot_row(
        &mut self,
        agreement: &Agreement,
        record: &Record,
        row: &LotRow,
        view: &ContextView,
    ) -> Option<(usize, ThingKind, Row)> {
        let Some(class) = self.classes.item(record, row.class) else {
            self.unknown_class(record, row.entry, row.class, "items");
            return None;
        };
        let party = self.about(record, row.entry, view)?;
        let day: Day = record.head(row.entry)?.day.days();
        let payload = self.classes.items[class].read(
            agreement,
            record,
            row.attributes,
            row.entry,
            &mut self.remarks,
        );
        // A quantity of things has no unit of its own; one that is said is brought to its base unit.
        let quantity = match record.unit(row.quantity) {
            Some(unit) => unit.convert(&record.interval(row.quantity), &unit.base()),
            None => Ok(record.interval(row.quantity)),
        };
        let quantity = quantity.unwrap_or(Interval::NON_NEGATIVE);
        let register = self.register(class, party, view);
        let new = Row {
            thing: row.lot.map_or(payload, |lot| lot.index() as u32),
            day,
            entry: row.entry.0,
            payload,
            extra: self.registers[register].quantity(quantity),
        };
        let kind = match row.lot {
            Some(_) => ThingKind::Lot,
            None => ThingKind::Anonymous,
        };
        Some((register, kind, new))
    }

    /// Takes a statement of completeness in, and tells what it is about.
    pub(crate) fn take_complete(
        &mut self,
        agreement: &Agreement,
        record: &Record,
        row: &CompleteRow,
        view: &ContextView,
    ) -> Option<Completed> {
        if let Some(class) = self.classes.item(record, row.class) {
            let party = self.about(record, row.entry, view)?;
            let day = record.head(row.entry)?.day.days();
            let view_of = &mut self.classes.items[class];
            let payload = view_of.read(
                agreement,
                record,
                row.attributes,
                row.entry,
                &mut self.remarks,
            );
            let payload = view_of.payload(payload).clone();
            if payload.faulty {
                let text = "what it says is complete is not understood, so it completes nothing"
                    .to_owned();
                self.remarks.on(record, row.entry, text);
                return None;
            }
            let fact = CompleteFact {
                entry: row.entry,
                day,
                values: payload.codes,
            };
            let register = self.register(class, party, view);
            self.registers[register].completes.push(fact);
            return Some(Completed::Register(register));
        }
        let Some(class) = self.classes.event(record, row.class) else {
            self.unknown_class(record, row.entry, row.class, "items or events");
            return None;
        };
        let maker = self.about(record, row.entry, view)?;
        let view_of = &mut self.classes.events[class];
        let payload = view_of.read(
            agreement,
            record,
            row.attributes,
            row.entry,
            &mut self.remarks,
        );
        let payload = view_of.payload(payload).clone();
        let Some((from, to)) = row.over.filter(|_| !payload.faulty) else {
            let text = "a complete list of events needs the time it is over, and attributes of the class; it completes nothing".to_owned();
            self.remarks.on(record, row.entry, text);
            return None;
        };
        if view.estimate {
            return None;
        }
        self.events[class].covers.push(Cover {
            entry: row.entry,
            maker,
            values: payload.codes,
            from: from.days(),
            to: to.days(),
        });
        Some(Completed::Events(class, maker))
    }

    /// A statement of an event: its class, maker and identity, and the row in its table.
    pub(crate) fn event_row(
        &mut self,
        agreement: &Agreement,
        record: &Record,
        row: &RecordEventRow,
        view: &ContextView,
    ) -> Option<(usize, ActorIndex, EventIdentity, EventRow)> {
        let Some(class) = self.classes.event(record, row.class) else {
            self.unknown_class(record, row.entry, row.class, "events");
            return None;
        };
        let maker = self.about(record, row.entry, view)?;
        let toward = match row.toward {
            None => Addressee::NotStated,
            Some(name) => match self.contexts.actor(record.text(name)) {
                Some(actor) => Addressee::Actor(actor),
                None => {
                    let text = format!(
                        "`{}`, at whom it is directed, is neither a party nor a body of the agreement",
                        record.text(name)
                    );
                    self.remarks.on(record, row.entry, text);
                    Addressee::Stranger
                }
            },
        };
        let payload = self.classes.events[class].read(
            agreement,
            record,
            row.attributes,
            row.entry,
            &mut self.remarks,
        );
        let new = EventRow {
            entry: row.entry,
            event: 0,
            payload,
            at: row.at,
            toward,
            estimate: view.estimate,
        };
        Some((class, maker, record.event_identity(row), new))
    }

    /// The registers of a class and party, in the order in which they are combined: evidence first, then by
    /// the author's name.
    pub(crate) fn registers_of(
        &self,
        record: &Record,
        class: usize,
        party: ActorIndex,
    ) -> Vec<usize> {
        let mut found: Vec<usize> = (0..self.registers.len())
            .filter(|index| {
                self.registers[*index].class == class && self.registers[*index].party == party
            })
            .collect();
        found.sort_by_key(|index| {
            let register = &self.registers[*index];
            (register.estimate, record.text(register.author))
        });
        found
    }
}
