//! All leaves of an assessment, fed with what the record says, and the value of each on every day.

use crate::assessment::Basis;
use crate::cell::{Cell, earliest};
use crate::contradiction::{Side, Sides};
use crate::leaves::events::{covered, known_days, tallies};
use crate::leaves::items::{RegisterLeaf, tally_register};
use crate::leaves::register::Register;
use crate::leaves::spec::{EventLeaf, ItemLeaf, Leaf};
use crate::leaves::tally::{Anchor, Said, Tally};
use crate::store::Store;
use crate::track::{Day, Span, Track};
use detente_agreement::model::{ActorIndex, Agreement, ClassIndex, EventIndex};
use detente_quantity::Interval;
use detente_record::Record;
use hashbrown::HashMap;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Where formulas get their leaves.
pub(crate) trait LeafSource {
    fn track(&self, leaf: Leaf, span: Span) -> Track<Cell>;
}

/// Takes note of the leaves asked for, and knows nothing of them.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    pub(crate) list: RefCell<LeafList>,
}

/// The leaves, each once.
#[derive(Clone, Debug, Default)]
pub(crate) struct LeafList {
    pub(crate) leaves: Vec<Leaf>,
    pub(crate) index: HashMap<Leaf, usize>,
}

impl LeafList {
    fn add(&mut self, leaf: Leaf) {
        if !self.index.contains_key(&leaf) {
            self.index.insert(leaf.clone(), self.leaves.len());
            self.leaves.push(leaf);
        }
    }
}

impl LeafSource for Collector {
    fn track(&self, leaf: Leaf, span: Span) -> Track<Cell> {
        self.list.borrow_mut().add(leaf);
        Track::constant(span, Cell::UNKNOWN)
    }
}

/// What a register and the leaves over it made of each other.
#[derive(Clone, Debug, Default)]
pub(crate) struct RegisterTallies {
    /// The leaves over it, by their place in the list, in the order of `tallies`.
    pub(crate) specs: Vec<usize>,
    pub(crate) tallies: Vec<RegisterLeaf>,
}

/// The leaves with their tallies.
#[derive(Clone, Debug)]
pub(crate) struct LeafTable {
    pub(crate) list: LeafList,
    /// By register of the store.
    pub(crate) registers: Vec<RegisterTallies>,
    /// By leaf: the registers it rests on, in the order in which they are combined.
    pub(crate) registers_of: Vec<Vec<usize>>,
    /// By leaf, event leaves only.
    pub(crate) events: Vec<Option<(Tally, Vec<Anchor>)>>,
    /// Whether the registers are estimates.
    pub(crate) estimates: Vec<bool>,
    /// The item leaves over each class and holder.
    pub(crate) of_items: HashMap<(usize, ActorIndex), Vec<usize>>,
    /// The event leaves over each class and maker.
    pub(crate) of_events: HashMap<(usize, ActorIndex), Vec<usize>>,
}

impl LeafTable {
    /// Feeds all leaves, registers in parallel: the result does not depend on how they are shared out.
    pub(crate) fn new(
        list: LeafList,
        agreement: &Agreement,
        record: &Record,
        store: &mut Store,
        strict: bool,
        last: Day,
    ) -> LeafTable {
        let mut table = LeafTable {
            registers: Vec::new(),
            registers_of: Vec::new(),
            events: Vec::new(),
            estimates: store
                .registers
                .iter()
                .map(|register| register.estimate)
                .collect(),
            of_items: HashMap::new(),
            of_events: HashMap::new(),
            list,
        };
        for (index, leaf) in table.list.leaves.iter().enumerate() {
            let (all, key) = match leaf {
                Leaf::Items(leaf) => (&mut table.of_items, (leaf.class.index(), leaf.holder)),
                Leaf::Events(leaf) => (&mut table.of_events, (leaf.class.index(), leaf.maker)),
            };
            all.entry(key).or_default().push(index);
        }
        table.registers = register_tallies(&table, record, store, strict, last);
        table.registers_of = vec![Vec::new(); table.list.leaves.len()];
        let keys: Vec<(usize, ActorIndex)> = table.of_items.keys().copied().collect();
        for (class, holder) in keys {
            table.find_registers(record, store, class, holder);
        }
        table.events = event_tallies(&table.list, agreement, record, store, last);
        table
    }

    /// Finds the registers that the leaves over a class and holder rest on.
    pub(crate) fn find_registers(
        &mut self,
        record: &Record,
        store: &Store,
        class: usize,
        holder: ActorIndex,
    ) {
        let found = store.registers_of(record, class, holder);
        for leaf in self.of_items.get(&(class, holder)).into_iter().flatten() {
            self.registers_of[*leaf].clone_from(&found);
        }
    }

    /// The item leaves over a register, with their places in the list.
    pub(crate) fn leaves_over(&self, register: &Register) -> Vec<(usize, &ItemLeaf)> {
        let key = (register.class, register.party);
        let places = self.of_items.get(&key).into_iter().flatten();
        let leaf = |place: &usize| match self.list.leaves.get(*place) {
            Some(Leaf::Items(leaf)) => Some((*place, leaf)),
            _ => None,
        };
        places.filter_map(leaf).collect()
    }

    /// Prepares for questions about single days.
    pub(crate) fn add_up(&mut self) {
        let of_registers = self.registers.iter_mut().flat_map(|of| &mut of.tallies);
        of_registers.for_each(|of| of.tally.add_up());
        let of_events = self.events.iter_mut().flatten();
        of_events.for_each(|(tally, _)| tally.add_up());
    }

    /// The place of a register's tally for a leaf.
    fn place(&self, register: usize, leaf: usize) -> Option<&RegisterLeaf> {
        let of = self.registers.get(register)?;
        let place = of.specs.binary_search(&leaf).ok()?;
        of.tallies.get(place)
    }

    /// What each register says of an item leaf: whether it is an estimate, and its values.
    pub(crate) fn said(&self, leaf: usize, span: Span) -> Vec<(usize, bool, Track<Said>)> {
        let Leaf::Items(spec) = &self.list.leaves[leaf] else {
            return Vec::new();
        };
        self.registers_of[leaf]
            .iter()
            .filter_map(|register| {
                let of = self.place(*register, leaf)?;
                let track = of.tally.track(&spec.reckoning, &of.anchors, span);
                Some((*register, self.estimates[*register], track))
            })
            .collect()
    }

    /// The value of a leaf.
    pub(crate) fn value(&self, leaf: usize, span: Span) -> Track<Cell> {
        match &self.list.leaves[leaf] {
            Leaf::Items(spec) => {
                combine(&self.said(leaf, span), span, spec.reckoning.nothing_known())
            }
            Leaf::Events(spec) => {
                let Some((tally, anchors)) = &self.events[leaf] else {
                    return Track::constant(span, Cell::UNKNOWN);
                };
                let track = tally.track(&spec.reckoning, anchors, span);
                known_days(spec, track).map(|said| Cell {
                    value: said.value,
                    basis: if said.speaks {
                        Basis::Evidence
                    } else {
                        Basis::Nothing
                    },
                    since: None,
                })
            }
        }
    }
}

impl LeafSource for LeafTable {
    fn track(&self, leaf: Leaf, span: Span) -> Track<Cell> {
        match self.list.index.get(&leaf) {
            Some(index) => self.value(*index, span),
            // Every leaf was collected beforehand.
            None => Track::constant(span, Cell::UNKNOWN),
        }
    }
}

fn register_tallies(
    table: &LeafTable,
    record: &Record,
    store: &mut Store,
    strict: bool,
    last: Day,
) -> Vec<RegisterTallies> {
    let classes = &store.classes;
    let work: Vec<_> = store.registers.iter_mut().enumerate().collect();
    let done = std::sync::Mutex::new(Vec::new());
    let work = std::sync::Mutex::new(work);
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get());
    let run = || {
        loop {
            let next = work.lock().ok().and_then(|mut work| work.pop());
            let Some((index, register)) = next else {
                return;
            };
            let specs = table.leaves_over(register);
            let mut of = RegisterTallies::default();
            if !specs.is_empty() {
                let class = &classes.items[register.class];
                let tallies = tally_register(register, record, class, &specs, strict, last);
                of = RegisterTallies {
                    specs: specs.iter().map(|(index, _)| *index).collect(),
                    tallies,
                };
            }
            if let Ok(mut done) = done.lock() {
                done.push((index, of));
            }
        }
    };
    let rows: usize = work
        .lock()
        .map(|work| work.iter().map(|(_, register)| register.items.len()).sum())
        .unwrap_or(0);
    if threads > 1 && rows > 100_000 {
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(run);
            }
            run();
        });
    } else {
        run();
    }
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, of)| of).collect()
}

/// The places of the event leaves over each class.
fn event_leaves(list: &LeafList) -> BTreeMap<EventIndex, Vec<(usize, &EventLeaf)>> {
    let mut by_class: BTreeMap<EventIndex, Vec<(usize, &EventLeaf)>> = BTreeMap::new();
    for (place, leaf) in list.leaves.iter().enumerate() {
        if let Leaf::Events(leaf) = leaf {
            by_class.entry(leaf.class).or_default().push((place, leaf));
        }
    }
    by_class
}

fn event_tallies(
    list: &LeafList,
    agreement: &Agreement,
    record: &Record,
    store: &Store,
    last: Day,
) -> Vec<Option<(Tally, Vec<Anchor>)>> {
    let mut all = vec![None; list.leaves.len()];
    for (class, leaves) in event_leaves(list) {
        let table = &store.events[class.index()];
        let first = table.first_day().unwrap_or(last).min(last);
        let span = Span::new(first, last.saturating_add(1));
        let view = store.classes.view(ClassIndex::Event(class));
        let specs: Vec<&EventLeaf> = leaves.iter().map(|(_, leaf)| *leaf).collect();
        let tallies = tallies(table, record, view, &specs, span);
        for ((place, leaf), tally) in leaves.iter().zip(tallies) {
            let anchors = covered(table, view, is_in_full(agreement, class), leaf);
            all[*place] = Some((tally, anchors));
        }
    }
    all
}

/// Whether all events of a class are on the record.
pub(crate) fn is_in_full(agreement: &Agreement, class: EventIndex) -> bool {
    let class = agreement.events.get(class.index());
    class.is_some_and(|class| class.recorded_in_full)
}

/// What the registers of a selection say together on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Together {
    common: Option<Interval>,
    evidence: Option<(Interval, Option<Day>)>,
    estimate: Option<(Interval, Option<Day>)>,
}

/// Registers combine as values do: evidence intersected, estimates only where it has no upper end (§4).
fn combine(said: &[(usize, bool, Track<Said>)], span: Span, nothing: Interval) -> Track<Cell> {
    if let [(_, false, only)] = said {
        return only.map(|said| match said.speaks {
            true => Cell {
                value: said.value,
                basis: Basis::Evidence,
                since: said.since,
            },
            false => Cell::fixed(nothing),
        });
    }
    together(said, span).map(|together| {
        let (value, basis, since) = match together.evidence {
            None => (nothing, Basis::Nothing, None),
            Some((hull, since)) => (together.common.unwrap_or(hull), Basis::Evidence, since),
        };
        match together.estimate {
            Some((estimate, estimated)) if value.hi().is_none() => match value.intersect(&estimate)
            {
                Some(value) => Cell {
                    value,
                    basis: Basis::Estimate,
                    since: earliest(since, estimated),
                },
                None => Cell {
                    value,
                    basis: Basis::Evidence,
                    since,
                },
            },
            _ => Cell {
                value,
                basis,
                since,
            },
        }
    })
}

fn together(said: &[(usize, bool, Track<Said>)], span: Span) -> Track<Together> {
    let nothing = Together {
        common: Some(Interval::EVERYTHING),
        evidence: None,
        estimate: None,
    };
    let mut track = Track::constant(span, nothing);
    for (_, estimate, said) in said {
        track = track.zip(said, |together, said| {
            let mut together = *together;
            if said.speaks {
                let slot = if *estimate {
                    &mut together.estimate
                } else {
                    &mut together.evidence
                };
                *slot = Some(match slot {
                    None => (said.value, said.since),
                    Some((hull, since)) => (hull.hull(&said.value), earliest(*since, said.since)),
                });
                if !estimate {
                    together.common = together
                        .common
                        .and_then(|common| common.intersect(&said.value));
                }
            }
            together
        });
    }
    track
}

/// The days on which the registers of an item leaf contradict each other.
pub(crate) fn contradictions(
    said: &[(usize, bool, Track<Said>)],
    span: Span,
    side: impl Fn(usize, Interval, Day) -> Side,
) -> Sides {
    let mut sides = Sides::default();
    let evidence: Vec<_> = said
        .iter()
        .filter(|(_, estimate, _)| !estimate)
        .cloned()
        .collect();
    if evidence.len() < 2 {
        return sides;
    }
    let torn = together(&evidence, span);
    for (piece, together) in torn.pieces() {
        if together.common.is_some() {
            continue;
        }
        let all = evidence
            .iter()
            .filter(|(_, _, track)| track.at(piece.from).speaks)
            .map(|(register, _, track)| side(*register, track.at(piece.from).value, piece.from))
            .collect();
        sides.push(piece, all);
    }
    sides
}
