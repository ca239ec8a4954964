//! What answers a duty.

use crate::duty::deadline::Allowed;
use crate::duty::trigger::{Tie, Triggered};
use crate::expression::Scene;
use crate::leaves::register::ThingKind;
use crate::leaves::spec::{EventLeaf, Frame, Reckoning};
use crate::subject::Subject;
use crate::test::Test;
use crate::track::{Day, FIRST_DAY, date};
use detente_agreement::model::{
    Action, ActorIndex, AggregateKind, ClassIndex, Declared, Holder, Provision, Selector,
};
use detente_quantity::Instant;
use detente_record::{EntryIndex, Kind, Record};
use hashbrown::HashMap;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// An entry that may answer, and when it was made if the record says so.
pub(crate) type Told = (Option<Instant>, EntryIndex);

/// All that may answer the instances of one clause for one subject.
#[derive(Debug)]
pub(crate) enum Answers {
    /// For each thing to be declared: declarations by the day they are as of.
    Declarations(Vec<BTreeMap<Day, Vec<Told>>>),
    /// For each trigger the notices of it, by time.
    Tied(Vec<Vec<Told>>),
    /// Answers that are not tied to the trigger, by time.
    Loose(Vec<Told>),
    /// So many events are needed, by time; and whether the days are covered on which they were due.
    Events(Vec<(Instant, EntryIndex)>, usize, Coverage),
}

/// The days on which no event goes unrecorded.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Coverage(Vec<(Day, Day)>);

impl Coverage {
    fn covers(&self, from: Day, to: Day) -> bool {
        from >= to
            || self
                .0
                .iter()
                .any(|(start, end)| *start <= from && to <= *end)
    }
}

/// What came of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Met(Instant, Vec<EntryIndex>),
    Late(Instant, Vec<EntryIndex>),
    /// Answered at a time that is not on the record.
    Untimed(Vec<EntryIndex>),
    /// Not answered.
    Open,
    /// Not answered, but the answer may have gone unrecorded.
    Uncovered,
}

impl Scene<'_> {
    fn doers(&self, holder: Holder, subject: Subject) -> Vec<ActorIndex> {
        subject.holder(holder).members(self.agreement)
    }

    /// When an entry was made, if that is on the record.
    fn told(&self, entry: EntryIndex) -> Option<Told> {
        Some((self.record.head(entry)?.made(), entry))
    }

    /// Gathers what may answer.
    pub(crate) fn answers(
        &self,
        action: &Action,
        provision: &Provision,
        triggers: &[Triggered],
        subject: Subject,
    ) -> Answers {
        match action {
            Action::Declare(holder, things) => {
                let doers = self.doers(*holder, subject);
                Answers::Declarations(
                    things
                        .iter()
                        .map(|thing| self.declarations(thing, &doers))
                        .collect(),
                )
            }
            Action::NoticeOfTrigger(holder) => {
                Answers::Tied(self.notices(&self.doers(*holder, subject), provision, triggers))
            }
            Action::Notice(holder, selector) => {
                Answers::Loose(self.notices_of(&self.doers(*holder, subject), selector, subject))
            }
            Action::Make(selector, number) => self.events(selector, *number as usize, subject),
            Action::Act(holder, name) => {
                let doers = self.doers(*holder, subject);
                let mut told: Vec<Told> = self
                    .acts
                    .iter()
                    .filter(|fact| {
                        doers.contains(&fact.actor)
                            && crate::dates::is_named(&fact.act, name.as_str())
                    })
                    .map(|fact| (Some(date(fact.day).start()), fact.entry))
                    .collect();
                self.sort(&mut told);
                Answers::Loose(told)
            }
        }
    }

    /// By time, the unrecorded ones first.
    fn sort(&self, told: &mut [Told]) {
        told.sort_by(|a, b| by_time(self.record, *a, *b));
    }

    fn declarations(&self, thing: &Declared, doers: &[ActorIndex]) -> BTreeMap<Day, Vec<Told>> {
        let mut entries: Vec<EntryIndex> = Vec::new();
        let mut add = |entry: EntryIndex| {
            if entries.last() != Some(&entry) {
                entries.push(entry);
            }
        };
        let record = self.record;
        match thing {
            Declared::Item(class) => {
                let Some(class) = self.agreement.items.get(class.index()) else {
                    return BTreeMap::new();
                };
                let Some(symbol) = record.symbols().find(class.name.as_str()) else {
                    return BTreeMap::new();
                };
                record
                    .items()
                    .iter()
                    .filter(|row| row.class == symbol)
                    .for_each(|row| add(row.entry));
                record
                    .lots()
                    .iter()
                    .filter(|row| row.class == symbol)
                    .for_each(|row| add(row.entry));
                record
                    .completes()
                    .iter()
                    .filter(|row| row.class == symbol)
                    .for_each(|row| add(row.entry));
            }
            Declared::Measure(measure) => {
                let Some(measure) = self.agreement.measures.get(measure.index()) else {
                    return BTreeMap::new();
                };
                let Some(symbol) = record.symbols().find(measure.name.as_str()) else {
                    return BTreeMap::new();
                };
                record
                    .values()
                    .iter()
                    .filter(|row| row.measure == symbol)
                    .for_each(|row| add(row.entry));
            }
        }
        let mut by_day: BTreeMap<Day, Vec<Told>> = BTreeMap::new();
        entries.sort_unstable();
        entries.dedup();
        for entry in entries {
            let Some(view) = self.store.speaker(record, entry) else {
                continue;
            };
            let by_doer = view.kind == Kind::Declaration
                && view.author_actor == view.party_actor
                && view
                    .author_actor
                    .is_some_and(|author| doers.contains(&author));
            if !by_doer {
                continue;
            }
            if let (Some(head), Some(told)) = (record.head(entry), self.told(entry)) {
                by_day.entry(head.day.days()).or_default().push(told);
            }
        }
        for told in by_day.values_mut() {
            self.sort(told);
        }
        by_day
    }

    /// Whether an entry is a notification by one of these that counts.
    fn notice_by(&self, entry: EntryIndex, doers: &[ActorIndex]) -> bool {
        self.store.speaker(self.record, entry).is_some() && self.is_notification_by(entry, doers)
    }

    fn is_notification_by(&self, entry: EntryIndex, doers: &[ActorIndex]) -> bool {
        let view = self.store.contexts.of(self.record, entry);
        view.is_some_and(|view| {
            view.kind == Kind::Notification
                && view
                    .author_actor
                    .is_some_and(|author| doers.contains(&author))
        })
    }

    /// The notices of each trigger.
    fn notices(
        &self,
        doers: &[ActorIndex],
        provision: &Provision,
        triggers: &[Triggered],
    ) -> Vec<Vec<Told>> {
        let mut of_items: HashMap<Tie, Vec<Told>> = HashMap::new();
        let mut of_provision: Option<Vec<Told>> = None;
        let of = |triggered: &Triggered| {
            let mut told = Vec::new();
            for tie in &triggered.ties {
                match *tie {
                    Tie::Event(class, _, place) => {
                        let table = &self.store.events[class];
                        let rows = table.statements(&table.events[place]);
                        let rows = rows.iter().filter(|row| self.notice_by(row.entry, doers));
                        told.extend(rows.filter_map(|row| self.told(row.entry)));
                    }
                    Tie::Item(class, holder, item) => told.extend(
                        of_items
                            .entry(*tie)
                            .or_insert_with(|| self.notices_of_item(doers, class, holder, item))
                            .iter(),
                    ),
                    Tie::Provision => told.extend(
                        of_provision
                            .get_or_insert_with(|| self.notices_of_provision(doers, provision))
                            .iter(),
                    ),
                }
            }
            if told.len() > 1 {
                self.sort(&mut told);
                told.dedup();
            }
            told
        };
        triggers.iter().map(of).collect()
    }

    fn notices_of_item(
        &self,
        doers: &[ActorIndex],
        class: usize,
        holder: ActorIndex,
        item: u32,
    ) -> Vec<Told> {
        let registers = self.store.registers.iter();
        let registers = registers.filter(|of| of.class == class && of.party == holder);
        let rows = registers.flat_map(|of| of.rows_of(ThingKind::Item, item));
        let rows = rows.filter(|row| self.notice_by(row.entry(), doers));
        rows.filter_map(|row| self.told(row.entry())).collect()
    }

    fn notices_of_provision(&self, doers: &[ActorIndex], provision: &Provision) -> Vec<Told> {
        let record = self.record;
        let symbol = record.symbols().find(provision.id.as_str());
        let names_it: Vec<bool> = record
            .contexts()
            .iter()
            .map(|context| symbol.is_some() && context.provision == symbol)
            .collect();
        if !names_it.contains(&true) {
            return Vec::new();
        }
        let heads = record.heads().iter().zip(0..);
        let named = heads.filter(|(head, _)| names_it.get(head.context.index()) == Some(&true));
        let entries = named.map(|(_, index)| EntryIndex(index));
        // Naming a provision is no statement: it counts whatever evidence is asked for (§1).
        let entries = entries.filter(|entry| {
            self.store.counting.counts(*entry) && self.is_notification_by(*entry, doers)
        });
        entries.filter_map(|entry| self.told(entry)).collect()
    }

    fn notices_of(&self, doers: &[ActorIndex], selector: &Selector, subject: Subject) -> Vec<Told> {
        let mut told = Vec::new();
        self.each_match(selector, subject, |class, index, truth| {
            if !truth.is_true() {
                return;
            }
            let table = &self.store.events[class];
            for row in table.statements(&table.events[index]) {
                if self.notice_by(row.entry, doers) {
                    told.extend(self.told(row.entry));
                }
            }
        });
        self.sort(&mut told);
        told.dedup();
        told
    }

    fn events(&self, selector: &Selector, number: usize, subject: Subject) -> Answers {
        let mut found = Vec::new();
        self.each_match(selector, subject, |class, index, truth| {
            let table = &self.store.events[class];
            let event = &table.events[index];
            let at = event.at.earliest();
            if truth.is_true() {
                found.extend(table.statements(event).first().map(|row| (at, row.entry)));
            }
        });
        found.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| self.record.order(a.1, b.1)));
        Answers::Events(found, number.max(1), self.coverage(selector, subject))
    }

    /// The days covered for every maker of the selection.
    fn coverage(&self, selector: &Selector, subject: Subject) -> Coverage {
        let ClassIndex::Event(class) = selector.class else {
            return Coverage(Vec::new());
        };
        let in_full = self
            .agreement
            .events
            .get(class.index())
            .is_some_and(|class| class.recorded_in_full);
        if in_full {
            return Coverage(vec![(Day::MIN, Day::MAX)]);
        }
        let test = Test::new(&selector.filter, subject, &self.dates());
        let mut common: Option<Vec<(Day, Day)>> = None;
        for maker in subject.holder(selector.by).members(self.agreement) {
            let leaf = EventLeaf {
                class,
                maker,
                toward: None,
                reckoning: Reckoning {
                    kind: AggregateKind::Number,
                    test: test.clone(),
                    rank: None,
                },
                window: Frame::Any(detente_quantity::Duration::Days(1)),
            };
            let view = &self.store.classes.events[class.index()];
            let own = crate::leaves::events::covered(
                &self.store.events[class.index()],
                view,
                false,
                &leaf,
            );
            let own: Vec<(Day, Day)> = own.into_iter().map(|span| (span.from, span.to)).collect();
            common = Some(match common {
                None => own,
                Some(common) => common
                    .iter()
                    .flat_map(|a| own.iter().map(move |b| (a.0.max(b.0), a.1.min(b.1))))
                    .filter(|(from, to)| from < to)
                    .collect(),
            });
        }
        Coverage(common.unwrap_or_default())
    }
}

impl Answers {
    /// What came of an instance in the time allowed. `next` is the next later day of an instance.
    pub(crate) fn outcome(
        &self,
        record: &Record,
        (place, triggered): (usize, &Triggered),
        allowed: &Allowed,
        next: Option<Day>,
        end: Instant,
    ) -> Outcome {
        // Late is only what was done by the end of the day asked about.
        let before = next.map_or(end, |day| date(day).start().min(end));
        match self {
            Answers::Declarations(things) => declared(record, things, triggered, allowed, end),
            Answers::Tied(notices) => {
                let told = notices.get(place).map_or(&[][..], Vec::as_slice);
                first_of(told, allowed, end)
            }
            Answers::Loose(told) => first_of(told, allowed, before),
            Answers::Events(events, number, coverage) => {
                counted(events, *number, coverage, allowed, before)
            }
        }
    }
}

fn first_of(told: &[Told], allowed: &Allowed, before: Instant) -> Outcome {
    let start = told.partition_point(|(made, _)| made.is_none_or(|made| made < allowed.from));
    let recorded = told[start..]
        .first()
        .and_then(|(made, entry)| Some(((*made)?, *entry)));
    if let Some((made, entry)) = recorded
        && made < allowed.until
    {
        return Outcome::Met(made, vec![entry]);
    }
    if let Some((None, entry)) = told.first() {
        return Outcome::Untimed(vec![*entry]);
    }
    match recorded {
        Some((made, entry)) if made < before => Outcome::Late(made, vec![entry]),
        _ => Outcome::Open,
    }
}

/// In order of time, those whose time is not on the record first; at one time in the record's order.
fn by_time(record: &Record, a: Told, b: Told) -> Ordering {
    a.0.cmp(&b.0).then_with(|| record.order(a.1, b.1))
}

fn declared(
    record: &Record,
    things: &[BTreeMap<Day, Vec<Told>>],
    triggered: &Triggered,
    allowed: &Allowed,
    before: Instant,
) -> Outcome {
    let (first, end) = triggered
        .moment
        .period
        .unwrap_or((triggered.moment.day, triggered.moment.day.saturating_add(1)));
    let of_the_days = |thing: &BTreeMap<Day, Vec<Told>>| -> Vec<Told> {
        thing
            .range(first..end)
            .flat_map(|(_, told)| told)
            .copied()
            .collect()
    };
    let mut recorded: Vec<Option<(Instant, EntryIndex)>> = Vec::new();
    let mut untimed: Vec<Option<EntryIndex>> = Vec::new();
    for told in things.iter().map(of_the_days) {
        let in_order = told.iter().copied().min_by(|a, b| by_time(record, *a, *b));
        let begun = told
            .iter()
            .filter(|(made, _)| made.is_some_and(|made| made >= allowed.from));
        let earliest = begun.copied().min_by(|a, b| by_time(record, *a, *b));
        recorded.push(earliest.and_then(|(made, entry)| Some((made?, entry))));
        untimed.push(
            in_order
                .filter(|(made, _)| made.is_none())
                .map(|(_, entry)| entry),
        );
    }
    let decided = recorded
        .iter()
        .copied()
        .collect::<Option<Vec<_>>>()
        .and_then(|mut all| {
            all.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| record.order(a.1, b.1)));
            let time = all.last()?.0;
            let deciding = all.iter().find(|(made, _)| *made == time);
            let in_order = deciding.into_iter().chain(&all).map(|(_, entry)| *entry);
            Some((time, each_once(in_order)))
        });
    if let Some((time, entries)) = &decided
        && *time < allowed.until
    {
        return Outcome::Met(*time, entries.clone());
    }
    let each_is_declared = recorded
        .iter()
        .zip(&untimed)
        .all(|(recorded, untimed)| recorded.is_some() || untimed.is_some());
    if each_is_declared && untimed.iter().any(Option::is_some) {
        return Outcome::Untimed(each_once(untimed.into_iter().flatten()));
    }
    match decided {
        Some((time, entries)) if time < before => Outcome::Late(time, entries),
        _ => Outcome::Open,
    }
}

fn each_once(entries: impl Iterator<Item = EntryIndex>) -> Vec<EntryIndex> {
    let mut list = Vec::new();
    for entry in entries {
        if !list.contains(&entry) {
            list.push(entry);
        }
    }
    list
}

fn counted(
    events: &[(Instant, EntryIndex)],
    number: usize,
    coverage: &Coverage,
    allowed: &Allowed,
    before: Instant,
) -> Outcome {
    let start = events.partition_point(|(at, _)| *at < allowed.from);
    let counted = events[start..].get(..number);
    if let Some(counted) = counted
        && let Some((time, deciding)) = counted.last()
    {
        let others = counted[..number - 1].iter().map(|(_, entry)| *entry);
        let entries = each_once(std::iter::once(*deciding).chain(others));
        if *time < allowed.until {
            return Outcome::Met(*time, entries);
        }
        if *time < before {
            return Outcome::Late(*time, entries);
        }
    }
    let last = detente_quantity::Instant::from_micros(allowed.until.micros().saturating_sub(1));
    let (from, to) = (
        allowed.from.date().days(),
        last.date().days().saturating_add(1),
    );
    let from = if allowed.from <= Instant::MIN {
        FIRST_DAY
    } else {
        from
    };
    match coverage.covers(from, to) {
        true => Outcome::Open,
        false => Outcome::Uncovered,
    }
}
