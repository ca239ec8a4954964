//! What brings a duty about.

use crate::classes::ClassView;
use crate::clock::{Rhythm, dates};
use crate::dates::entry_into_force;
use crate::duty::deadline::Moment;
use crate::expression::Scene;
use crate::leaves::events::{directed, event_name};
use crate::leaves::items::thing_name;
use crate::leaves::register::{Change, States, Stretch, ThingKind, Visitor};
use crate::subject::Subject;
use crate::test::Test;
use crate::track::{Day, Span, Track, date};
use detente_agreement::model::{
    ActorIndex, AttributeIndex, ClassIndex, DutyClause, Schedule, Selector, Trigger,
};
use detente_quantity::{Instant, Truth, When};
use detente_record::store::{EventIdentity, identity_order};
use detente_record::{EntryIndex, Kind};
use hashbrown::HashSet;
use std::collections::BTreeMap;

/// What an answer must name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Tie {
    /// An event of a class and maker, by its place in the table.
    Event(usize, ActorIndex, usize),
    /// An item of a class and holder.
    Item(usize, ActorIndex, u32),
    /// The provision.
    Provision,
}

/// What a trigger is called; the words are made when they are needed, see [`Scene::trigger_text`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TriggerName {
    Day(Day),
    Event(EventIdentity),
    Notice(EntryIndex),
    /// An item, an entry that states it, the day.
    Item(u32, EntryIndex, Day),
}

/// A trigger of a duty.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Triggered {
    pub(crate) moment: Moment,
    pub(crate) name: TriggerName,
    /// A notice of the trigger names one of these.
    pub(crate) ties: Vec<Tie>,
    /// Surely a trigger.
    pub(crate) sure: bool,
    /// The entry that states it, if one does.
    pub(crate) entry: Option<EntryIndex>,
}

impl Triggered {
    fn on(day: Day) -> Triggered {
        Triggered {
            moment: Moment {
                first: day,
                day,
                instant: None,
                period: None,
            },
            name: TriggerName::Day(day),
            ties: Vec::new(),
            sure: true,
            entry: None,
        }
    }
}

impl Scene<'_> {
    /// The triggers of a clause for a subject, in order of day and name.
    pub(crate) fn triggers(
        &self,
        clause: &DutyClause,
        subject: Subject,
        binding: &Track<bool>,
    ) -> Vec<Triggered> {
        let dates_of = self.dates();
        let Some((from, until)) = dates_of.during(&clause.during, subject) else {
            return Vec::new();
        };
        let mut found = match &clause.trigger {
            Trigger::Once(of) => dates_of
                .day(of, subject)
                .map(Triggered::on)
                .into_iter()
                .collect(),
            Trigger::Each(schedule) => self.scheduled(schedule, subject, binding),
            Trigger::Event(selector) => self.made(selector, subject),
            Trigger::Notice(selector) => self.noticed(selector, subject),
            Trigger::Change(selector, attributes) => {
                self.changed(selector, subject, Turn::Changes(attributes))
            }
            Trigger::Count(selector, true) => self.changed(selector, subject, Turn::Enters),
            Trigger::Count(selector, false) => self.changed(selector, subject, Turn::Leaves),
            Trigger::Becomes(condition) => {
                let truth = self.condition(condition, subject, self.all_days());
                let stretches = truth.pieces().filter(|(_, truth)| truth.is_true());
                stretches
                    .map(|(piece, _)| Triggered {
                        ties: vec![Tie::Provision],
                        ..Triggered::on(piece.from)
                    })
                    .collect()
            }
        };
        found.retain(|triggered| {
            let day = triggered.moment.day;
            day <= self.last && from <= day && day < until && *binding.at(day)
        });
        found.sort_by(|a, b| {
            a.moment
                .day
                .cmp(&b.moment.day)
                .then_with(|| identity_order(&self.trigger_text(a), &self.trigger_text(b)))
                .then_with(|| identity_order(self.whose(a), self.whose(b)))
        });
        found
    }

    /// What a trigger is called.
    pub(crate) fn trigger_text(&self, triggered: &Triggered) -> String {
        match triggered.name {
            TriggerName::Day(day) => date(day).to_string(),
            TriggerName::Event(identity) => event_name(self.record, identity),
            TriggerName::Notice(entry) => self.record.id_text(entry),
            TriggerName::Item(item, entry, day) => {
                format!("{} {}", item_name(self, item, entry), date(day))
            }
        }
    }

    /// The maker of the event or the holder of the item that a trigger is about.
    fn whose(&self, triggered: &Triggered) -> &str {
        let actor = triggered.ties.iter().find_map(|tie| match tie {
            Tie::Event(_, actor, _) | Tie::Item(_, actor, _) => Some(actor.index()),
            Tie::Provision => None,
        });
        let actor = actor.and_then(|actor| self.agreement.actors.get(actor));
        actor.map_or("", |actor| actor.name.as_str())
    }

    fn scheduled(
        &self,
        schedule: &Schedule,
        subject: Subject,
        binding: &Track<bool>,
    ) -> Vec<Triggered> {
        let dates_of = self.dates();
        let rhythm = dates_of.rhythm(Some(schedule), subject);
        let start = entry_into_force(&dates_of, subject);
        let unknown_start = matches!(
            (schedule, &rhythm),
            (Schedule::Every(_, Some(_)), Rhythm::After(_))
                | (Schedule::AsOf(_, Some(_)), Rhythm::AsOf(_, None))
        );
        if unknown_start {
            return Vec::new();
        }
        match (&rhythm, schedule) {
            (Rhythm::Each(period, years), _) => {
                let first = binding
                    .pieces()
                    .find(|(_, binding)| **binding)
                    .map(|(piece, _)| piece.from);
                dates(&rhythm, first, self.last)
                    .into_iter()
                    .map(|day| {
                        let mut triggered = Triggered::on(day);
                        triggered.moment.period = years.period(*period, day);
                        triggered
                    })
                    .collect()
            }
            _ => dates(&rhythm, start, self.last)
                .into_iter()
                .map(Triggered::on)
                .collect(),
        }
    }

    /// Events of a selection.
    fn made(&self, selector: &Selector, subject: Subject) -> Vec<Triggered> {
        let mut found = Vec::new();
        self.each_match(selector, subject, |class, index, truth| {
            let event = &self.store.events[class].events[index];
            if truth.is_false() {
                return;
            }
            found.push(Triggered {
                moment: Moment {
                    first: event.day(),
                    day: event.day(),
                    instant: instant(event.at),
                    period: None,
                },
                name: TriggerName::Event(event.identity),
                ties: vec![Tie::Event(class, event.maker, index)],
                sure: truth.is_true(),
                entry: self.store.events[class]
                    .statements(event)
                    .first()
                    .map(|row| row.entry),
            });
        });
        found
    }

    /// Calls `each` with every event of the selection's class and makers, and whether it matches; an event
    /// that only estimates speak of matches possibly at best.
    pub(crate) fn each_match(
        &self,
        selector: &Selector,
        subject: Subject,
        mut each: impl FnMut(usize, usize, Truth),
    ) {
        let ClassIndex::Event(class) = selector.class else {
            return;
        };
        let class = class.index();
        let view: &ClassView = &self.store.classes.events[class];
        let test = Test::new(&selector.filter, subject, &self.dates());
        let makers = subject.holder(selector.by).members(self.agreement);
        let toward = selector
            .toward
            .map(|toward| subject.holder(toward).members(self.agreement));
        let table = &self.store.events[class];
        let events = makers.iter().flat_map(|maker| table.made_by(*maker));
        for (index, event) in events {
            let truth = test
                .truth(view, table.states.codes(event.state), event.day())
                .and(directed(toward.as_deref(), event.toward));
            let truth = if event.sure {
                truth
            } else {
                truth.min(Truth::Unknown)
            };
            each(class, index, truth);
        }
    }

    /// Notifications of events of a selection.
    fn noticed(&self, selector: &Selector, subject: Subject) -> Vec<Triggered> {
        // One notification of several events is one notice.
        let mut found: BTreeMap<EntryIndex, Triggered> = BTreeMap::new();
        self.each_match(selector, subject, |class, index, truth| {
            if !truth.is_true() {
                return;
            }
            let table = &self.store.events[class];
            let event = &table.events[index];
            let mut told = HashSet::new();
            for row in table.statements(event) {
                let is_notice = self
                    .store
                    .contexts
                    .of(self.record, row.entry)
                    .is_some_and(|view| view.kind == Kind::Notification);
                let Some(head) = self.record.head(row.entry).filter(|_| is_notice) else {
                    continue;
                };
                if !told.insert(row.entry) {
                    continue;
                }
                let made = head.known_from();
                let tie = Tie::Event(class, event.maker, index);
                let notice = found.entry(row.entry).or_insert_with(|| Triggered {
                    moment: Moment {
                        first: made.date().days(),
                        day: made.date().days(),
                        instant: Some(made),
                        period: None,
                    },
                    name: TriggerName::Notice(row.entry),
                    ties: Vec::new(),
                    sure: true,
                    entry: Some(row.entry),
                });
                notice.ties.push(tie);
            }
        });
        found.into_values().collect()
    }

    /// Items that change, enter or leave the selection.
    fn changed(&self, selector: &Selector, subject: Subject, turn: Turn<'_>) -> Vec<Triggered> {
        let ClassIndex::Item(class) = selector.class else {
            return Vec::new();
        };
        let class = class.index();
        let view = &self.store.classes.items[class];
        let test = Test::new(&selector.filter, subject, &self.dates());
        let mut found = Vec::new();
        for holder in subject.holder(selector.by).members(self.agreement) {
            let mut merged: BTreeMap<(u32, Day), Triggered> = BTreeMap::new();
            for index in self.store.registers_of(self.record, class, holder) {
                // Walking may intern states, so it works on a copy of what is interned.
                let register = &self.store.registers[index];
                if register.estimate {
                    continue;
                }
                let mut visitor = ChangeVisitor {
                    scene: self,
                    class,
                    view,
                    test: &test,
                    holder,
                    turn,
                    merged: &mut merged,
                };
                register.walk_items(self.record, view, &mut visitor);
            }
            found.extend(merged.into_values());
        }
        found
    }
}

fn instant(when: When) -> Option<Instant> {
    match when {
        When::At(instant) => Some(instant),
        When::Day(_) => None,
    }
}

/// Which turns of an item count.
#[derive(Clone, Copy)]
enum Turn<'a> {
    Changes(&'a [AttributeIndex]),
    Enters,
    Leaves,
}

struct ChangeVisitor<'a, 'b> {
    scene: &'a Scene<'b>,
    class: usize,
    view: &'a ClassView,
    test: &'a Test,
    holder: ActorIndex,
    turn: Turn<'a>,
    merged: &'a mut BTreeMap<(u32, Day), Triggered>,
}

impl Visitor for ChangeVisitor<'_, '_> {
    fn stretch(&mut self, _states: &States, _stretch: &Stretch) {}

    fn change(&mut self, states: &States, change: &Change) {
        if change.day > self.scene.last {
            return;
        }
        let truth = |state: Option<u32>| match state {
            Some(state) => self.test.truth(self.view, states.codes(state), change.day),
            None => Truth::False,
        };
        let (before, after) = (truth(change.before), truth(change.after));
        let turned = match self.turn {
            Turn::Enters => !before.is_true() && after.is_true(),
            Turn::Leaves => !before.is_false() && after.is_false(),
            Turn::Changes(attributes) => {
                let (Some(old), Some(new)) = (change.before, change.after) else {
                    return;
                };
                let (old, new) = (states.codes(old), states.codes(new));
                let other = |attribute: &AttributeIndex| {
                    let (old, new) = (old[attribute.index()], new[attribute.index()]);
                    old != 0 && new != 0 && old != new
                };
                (before.is_true() || after.is_true()) && attributes.iter().any(other)
            }
        };
        if !turned {
            return;
        }
        let scene = self.scene;
        let kind = scene
            .store
            .contexts
            .of(scene.record, change.entry)
            .map(|view| view.kind);
        let first = match kind {
            Some(Kind::Declaration | Kind::Inspection) => {
                change.previous.map_or(change.day, |previous| {
                    previous.saturating_add(1).min(change.day)
                })
            }
            _ => change.day,
        };
        let merged = self
            .merged
            .entry((change.item, change.day))
            .or_insert_with(|| Triggered {
                moment: Moment {
                    first,
                    day: change.day,
                    // A change is known by its day, not its hour.
                    instant: None,
                    period: None,
                },
                name: TriggerName::Item(change.item, change.entry, change.day),
                ties: vec![Tie::Item(self.class, self.holder, change.item)],
                sure: true,
                entry: Some(change.entry),
            });
        merged.moment.first = merged.moment.first.max(first);
    }
}

/// The item's name: a `complete` that ends it does not name it, but an earlier entry does.
fn item_name(scene: &Scene<'_>, item: u32, entry: EntryIndex) -> String {
    let name = thing_name(scene.record, ThingKind::Item, item, entry);
    if !name.is_empty() {
        return name;
    }
    let mut rows = scene
        .store
        .registers
        .iter()
        .flat_map(|register| register.rows_of(ThingKind::Item, item));
    rows.next()
        .map(|row| thing_name(scene.record, ThingKind::Item, item, row.entry()))
        .unwrap_or_default()
}

/// The days on which a subject is bound, as a span of days that holds them all.
pub(crate) fn bound_days(binding: &Track<bool>, last: Day) -> Option<Span> {
    let mut days = binding
        .pieces()
        .filter(|(piece, binding)| **binding && piece.from <= last)
        .map(|(piece, _)| piece);
    let first = days.next()?;
    let end = days
        .next_back()
        .unwrap_or(first)
        .to
        .min(last.saturating_add(1));
    Some(Span::new(first.from, end))
}
