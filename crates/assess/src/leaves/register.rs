//! Registers: what one stream says of the things of one class held by one party (§4).

use crate::classes::{ClassView, Code};
use crate::fixed::Needs;
use crate::test::surely_has;
use crate::track::{Day, LAST_DAY};
use detente_agreement::model::ActorIndex;
use detente_quantity::{Decimal, Interval};
use detente_record::{EntryIndex, Record, Symbol};
use hashbrown::HashMap;

/// The kinds of thing, in their order of identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum ThingKind {
    Item,
    /// A lot with an id.
    Lot,
    /// A lot known by its attributes.
    Anonymous,
}

const KINDS: [ThingKind; 3] = [ThingKind::Item, ThingKind::Lot, ThingKind::Anonymous];

/// One statement of a thing. Ten million of them must stay small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The symbol's index of an item or lot; the payload of an anonymous lot.
    pub(crate) thing: u32,
    pub(crate) day: Day,
    pub(crate) entry: u32,
    pub(crate) payload: u32,
    /// Items: 1 if gone. Lots: the index of the quantity.
    pub(crate) extra: u32,
}

impl Row {
    pub(crate) fn entry(&self) -> EntryIndex {
        EntryIndex(self.entry)
    }
}

/// A statement that the things of an entry are all of the class with these values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CompleteFact {
    pub(crate) entry: EntryIndex,
    pub(crate) day: Day,
    pub(crate) values: Vec<(u32, Code)>,
}

/// Interned states of the things of a register.
#[derive(Clone, Debug)]
pub(crate) struct States {
    width: usize,
    codes: Vec<Code>,
    index: HashMap<Box<[Code]>, u32>,
    transitions: HashMap<(u32, u32), u32>,
    /// By payload: one more than the state after it, if it names all attributes, so that it is the same whatever was
    /// before.
    whole: Vec<u32>,
}

/// The state in which nothing is recorded.
pub(crate) const EMPTY: u32 = 0;

impl States {
    pub(crate) fn new(width: usize) -> States {
        let empty: Box<[Code]> = vec![0; width].into_boxed_slice();
        States {
            width,
            codes: empty.to_vec(),
            index: HashMap::from([(empty, EMPTY)]),
            transitions: HashMap::new(),
            whole: Vec::new(),
        }
    }

    pub(crate) fn codes(&self, state: u32) -> &[Code] {
        let start = state as usize * self.width;
        &self.codes[start..start + self.width]
    }

    pub(crate) fn len(&self) -> usize {
        self.index.len()
    }

    /// The state after a statement: attributes named replace the earlier ones.
    #[inline]
    pub(crate) fn after(&mut self, class: &ClassView, state: u32, payload: u32) -> u32 {
        let whole = self.whole.get(payload as usize);
        if let Some(next) = whole.and_then(|next| next.checked_sub(1)) {
            return next;
        }
        if class.payload(payload).codes.is_empty() {
            return state;
        }
        if let Some(next) = self.transitions.get(&(state, payload)) {
            return *next;
        }
        let mut codes: Box<[Code]> = self.codes(state).into();
        for (attribute, code) in &class.payload(payload).codes {
            codes[*attribute as usize] = *code;
        }
        let next = match self.index.get(&codes) {
            Some(known) => *known,
            None => {
                let new = self.index.len() as u32;
                self.codes.extend_from_slice(&codes);
                self.index.insert(codes, new);
                new
            }
        };
        if class.payload(payload).codes.len() == self.width {
            let at = payload as usize;
            self.whole.resize(self.whole.len().max(at + 1), 0);
            self.whole[at] = next + 1;
        } else {
            self.transitions.insert((state, payload), next);
        }
        next
    }
}

/// What one author says of the things of one class held by one party, estimates and evidence apart.
#[derive(Clone, Debug)]
pub(crate) struct Register {
    pub(crate) party: ActorIndex,
    pub(crate) class: usize,
    pub(crate) author: Symbol,
    pub(crate) estimate: bool,
    pub(crate) items: Vec<Row>,
    pub(crate) lots: Vec<Row>,
    pub(crate) anonymous: Vec<Row>,
    /// In the order of the record.
    pub(crate) completes: Vec<CompleteFact>,
    pub(crate) quantities: Vec<Interval>,
    /// The places that the quantities need.
    pub(crate) needs: Needs,
    pub(crate) states: States,
    /// The statements of things that changed after the rows were put in order, in place of their rows.
    later: HashMap<(ThingKind, u32), Vec<Row>>,
}

/// A stretch of days on which a thing is there in one state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stretch {
    pub(crate) kind: ThingKind,
    pub(crate) thing: u32,
    pub(crate) from: Day,
    pub(crate) to: Day,
    pub(crate) state: u32,
    pub(crate) quantity: Interval,
    /// The day of the thing's last statement.
    pub(crate) stated: Day,
    pub(crate) entry: EntryIndex,
}

/// A statement of an item, with its state before and after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Change {
    pub(crate) item: u32,
    /// The entry that states it (for `complete`: that entry).
    pub(crate) entry: EntryIndex,
    pub(crate) day: Day,
    pub(crate) before: Option<u32>,
    pub(crate) after: Option<u32>,
    /// The day of the item's statement before this one.
    pub(crate) previous: Option<Day>,
}

/// What a walk over a register reports.
pub(crate) trait Visitor {
    fn stretch(&mut self, states: &States, stretch: &Stretch);
    fn change(&mut self, _states: &States, _change: &Change) {}
    /// A thing is at its end.
    fn done(&mut self) {}
}

impl Register {
    pub(crate) fn new(
        party: ActorIndex,
        class: usize,
        author: Symbol,
        estimate: bool,
        width: usize,
    ) -> Register {
        Register {
            party,
            class,
            author,
            estimate,
            items: Vec::new(),
            lots: Vec::new(),
            anonymous: Vec::new(),
            completes: Vec::new(),
            quantities: Vec::new(),
            needs: Needs::of(&Interval::exact(1)),
            states: States::new(width),
            later: HashMap::new(),
        }
    }

    /// A quantity, to be named in [`Row::extra`].
    pub(crate) fn quantity(&mut self, quantity: Interval) -> u32 {
        self.needs = self.needs.join(Needs::of(&quantity));
        self.quantities.push(quantity);
        self.quantities.len() as u32 - 1
    }

    /// How many statements there are, about.
    pub(crate) fn size(&self) -> usize {
        self.items.len() + self.lots.len() + self.anonymous.len() + self.later.len()
    }

    /// The earliest day of a statement.
    pub(crate) fn first_day(&self) -> Option<Day> {
        let rows = KINDS.iter().flat_map(|kind| self.runs(*kind)).flatten();
        let completes = self.completes.iter().map(|complete| complete.day);
        rows.map(|row| row.day).chain(completes).min()
    }

    /// The statements of each thing, in order.
    pub(crate) fn runs(&self, kind: ThingKind) -> impl Iterator<Item = &[Row]> {
        let rows = self.rows(kind);
        let settled = rows.chunk_by(|a, b| a.thing == b.thing).filter(move |run| {
            self.later.is_empty() || !self.later.contains_key(&(kind, run[0].thing))
        });
        let later = self.later.iter();
        let later = later.filter(move |(key, run)| key.0 == kind && !run.is_empty());
        settled.chain(later.map(|(_, run)| run.as_slice()))
    }

    /// Puts other statements in place of those of a thing, in order.
    pub(crate) fn restate(
        &mut self,
        kind: ThingKind,
        thing: u32,
        mut rows: Vec<Row>,
        record: &Record,
    ) {
        sort_by_order(&mut rows, record);
        self.later.insert((kind, thing), rows);
    }

    /// Puts the rows in order: by thing, then by the record's order, then as written.
    pub(crate) fn settle(&mut self, record: &Record) {
        for rows in [&mut self.items, &mut self.lots, &mut self.anonymous] {
            sort_by_thing(rows);
            for run in rows.chunk_by_mut(|a, b| a.thing == b.thing) {
                sort_by_order(run, record);
            }
        }
        self.completes
            .sort_by(|a, b| record.order(a.entry, b.entry));
    }

    /// The entries a register rests on on a day: its last `complete` and the last statements of its things,
    /// for a register small enough to look through.
    pub(crate) fn entries_on(&self, record: &Record, day: Day) -> Vec<EntryIndex> {
        const MOST_ROWS: usize = 20_000;
        let mut entries: Vec<EntryIndex> = Vec::new();
        if let Some(complete) = self.completes.iter().rfind(|complete| complete.day <= day) {
            entries.push(complete.entry);
        }
        if self.size() > MOST_ROWS {
            return entries;
        }
        for run in KINDS.iter().flat_map(|kind| self.runs(*kind)) {
            for (index, row) in run.iter().enumerate() {
                if row.day <= day && run.get(index + 1).is_none_or(|next| next.day > day) {
                    entries.push(row.entry());
                }
            }
        }
        entries.sort_by(|a, b| record.order(*a, *b));
        entries.dedup();
        // What stood before the last list of the whole class is not there any more.
        let whole = |complete: &&CompleteFact| complete.day <= day && complete.values.is_empty();
        if let Some(complete) = self.completes.iter().rfind(whole) {
            entries.retain(|entry| record.order(*entry, complete.entry).is_ge());
        }
        entries
    }

    /// The statements of one thing, in order.
    pub(crate) fn rows_of(&self, kind: ThingKind, thing: u32) -> &[Row] {
        if let Some(later) = self.later.get(&(kind, thing)) {
            return later;
        }
        let rows = self.rows(kind);
        let start = rows.partition_point(|row| row.thing < thing);
        let length = rows[start..].partition_point(|row| row.thing == thing);
        &rows[start..start + length]
    }

    fn rows(&self, kind: ThingKind) -> &[Row] {
        match kind {
            ThingKind::Item => &self.items,
            ThingKind::Lot => &self.lots,
            ThingKind::Anonymous => &self.anonymous,
        }
    }

    /// Walks all things. The states are taken out and put back, so that they can grow on the way.
    pub(crate) fn walk(&mut self, record: &Record, class: &ClassView, visitor: &mut impl Visitor) {
        let mut states = std::mem::replace(&mut self.states, States::new(0));
        for kind in KINDS {
            for run in self.runs(kind) {
                self.walk_thing(record, class, &mut states, kind, run, visitor);
            }
        }
        self.states = states;
    }

    /// Walks one thing.
    pub(crate) fn walk_one(
        &mut self,
        record: &Record,
        class: &ClassView,
        (kind, thing): (ThingKind, u32),
        visitor: &mut impl Visitor,
    ) {
        let mut states = std::mem::replace(&mut self.states, States::new(0));
        let run = self.rows_of(kind, thing);
        self.walk_thing(record, class, &mut states, kind, run, visitor);
        self.states = states;
    }

    /// Walks the items without interning states in the register itself.
    pub(crate) fn walk_items(
        &self,
        record: &Record,
        class: &ClassView,
        visitor: &mut impl Visitor,
    ) {
        let mut states = self.states.clone();
        for run in self.runs(ThingKind::Item) {
            self.walk_thing(record, class, &mut states, ThingKind::Item, run, visitor);
        }
    }

    #[inline]
    fn walk_thing(
        &self,
        record: &Record,
        class: &ClassView,
        states: &mut States,
        kind: ThingKind,
        rows: &[Row],
        visitor: &mut impl Visitor,
    ) {
        let one = Interval::exact(Decimal::ONE);
        let mut current: Option<u32> = None;
        let mut previous: Option<Day> = None;
        let mut index = 0;
        while index < rows.len() {
            let row = rows[index];
            let before = current;
            let mut quantity = one;
            match kind {
                ThingKind::Item => {
                    current = match row.extra {
                        1 => None,
                        _ => Some(states.after(class, current.unwrap_or(EMPTY), row.payload)),
                    };
                }
                ThingKind::Lot | ThingKind::Anonymous => {
                    quantity = self.quantities[row.extra as usize];
                    while let Some(next) =
                        rows.get(index + 1).filter(|next| next.entry == row.entry)
                    {
                        let more = self.quantities[next.extra as usize];
                        quantity = match kind {
                            ThingKind::Anonymous => quantity.add(&more),
                            _ => more,
                        };
                        index += 1;
                    }
                    // Of several statements of one lot in one entry the last holds, attributes included.
                    let payload = rows[index].payload;
                    let there = quantity.is_exact() != Some(Decimal::ZERO);
                    current = there.then(|| states.after(class, EMPTY, payload));
                }
            }
            if kind == ThingKind::Item {
                visitor.change(
                    states,
                    &Change {
                        item: row.thing,
                        entry: row.entry(),
                        day: row.day,
                        before,
                        after: current,
                        previous,
                    },
                );
            }
            previous = Some(row.day);
            let next = rows.get(index + 1);
            let mut to = next.map_or(LAST_DAY, |next| next.day);
            if let Some(state) = current {
                let ending = match self.completes.is_empty() {
                    true => None,
                    false => self.ending(record, class, states.codes(state), &row, next),
                };
                if let Some(complete) = ending {
                    to = to.min(complete.day);
                }
                if row.day < to {
                    visitor.stretch(
                        states,
                        &Stretch {
                            kind,
                            thing: row.thing,
                            from: row.day,
                            to,
                            state,
                            quantity,
                            stated: row.day,
                            entry: row.entry(),
                        },
                    );
                }
                if let Some(complete) = ending {
                    if kind == ThingKind::Item {
                        visitor.change(
                            states,
                            &Change {
                                item: row.thing,
                                entry: complete.entry,
                                day: complete.day,
                                before: current,
                                after: None,
                                previous,
                            },
                        );
                    }
                    current = None;
                }
            }
            index += 1;
        }
        visitor.done();
    }

    /// The first `complete` after a statement, and before the thing's next one, that does not list it
    /// though it surely has its values.
    fn ending(
        &self,
        record: &Record,
        class: &ClassView,
        state: &[Code],
        stated: &Row,
        next: Option<&Row>,
    ) -> Option<&CompleteFact> {
        // Most pairs differ in their days; the order of entries of one day is asked for only where it matters.
        let order = |complete: &CompleteFact, row: &Row| {
            complete
                .day
                .cmp(&row.day)
                .then_with(|| record.order(complete.entry, row.entry()))
        };
        let after = self
            .completes
            .partition_point(|complete| order(complete, stated).is_le());
        self.completes[after..]
            .iter()
            .take_while(|complete| next.is_none_or(|next| order(complete, next).is_lt()))
            .find(|complete| surely_has(class, state, &complete.values))
    }
}

/// A stable sort by thing, in passes over 16 bits.
fn sort_by_thing(rows: &mut Vec<Row>) {
    if rows.is_sorted_by_key(|row| row.thing) {
        return;
    }
    if rows.len() < 1 << 12 {
        rows.sort_by_key(|row| row.thing);
        return;
    }
    let highest = rows.iter().map(|row| row.thing).max().unwrap_or(0);
    let mut shift = 0;
    let mut target: Vec<Row> = vec![rows[0]; rows.len()];
    while shift < 32 && highest >> shift != 0 {
        let digit = |row: &Row| (row.thing >> shift & 0x7ff) as usize;
        let mut places = vec![0_usize; 1 << 11];
        for row in rows.iter() {
            places[digit(row)] += 1;
        }
        let mut sum = 0;
        for place in &mut places {
            sum += std::mem::replace(place, sum);
        }
        for row in rows.iter() {
            let place = &mut places[digit(row)];
            target[*place] = *row;
            *place += 1;
        }
        std::mem::swap(rows, &mut target);
        shift += 11;
    }
}

/// A stable sort by the record's order.
fn sort_by_order(rows: &mut [Row], record: &Record) {
    let order = |a: &Row, b: &Row| {
        a.day
            .cmp(&b.day)
            .then_with(|| record.order(a.entry(), b.entry()))
    };
    let sorted = rows
        .windows(2)
        .all(|pair| order(&pair[0], &pair[1]).is_le());
    if !sorted {
        rows.sort_by(order);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_sort_in_passes_is_a_stable_sort(things in proptest::collection::vec(any::<u32>(), 5000..6000)) {
            let rows: Vec<Row> = things
                .iter()
                .zip(0..)
                .map(|(thing, entry)| Row { thing: thing % 100_000, day: 0, entry, payload: 0, extra: 0 })
                .collect();
            let mut expected = rows.clone();
            expected.sort_by_key(|row| row.thing);
            let mut sorted = rows;
            sort_by_thing(&mut sorted);
            prop_assert_eq!(sorted, expected);
        }
    }
}
