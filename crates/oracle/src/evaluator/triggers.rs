//! §9: what brings a duty about.

use detente_agreement::model::{
    ActorIndex, AttributeIndex, ClassIndex, DutyClause, EventIndex, Filter, ItemIndex, Schedule,
    Selector, Trigger,
};
use detente_quantity::{Date, Instant, Name, Truth, When};
use detente_record::{Entry, Kind, Statement};

use super::attributes::Attributes;
use super::calendar::{falls_on, times};
use super::counting::{in_order, known_from, statement_counts};
use super::things::{Identity, Thing};
use super::{Subject, World, days};

/// An occasion of a duty.
#[derive(Clone, Debug)]
pub(crate) struct Occasion {
    /// What the assessment calls it.
    pub(crate) name: String,
    /// The first day on which it can have happened.
    pub(crate) first: Date,
    /// Its day: the last one possible.
    pub(crate) day: Date,
    /// When it happened, if known better than to the day.
    pub(crate) instant: Option<Instant>,
    /// Whether it surely happened.
    pub(crate) sure: bool,
    /// The period that is judged, for `in each PERIOD`.
    pub(crate) period: Option<(Date, Date)>,
    /// What a notice of it speaks of.
    pub(crate) what: What,
}

/// What a notice of the trigger itself speaks of.
#[derive(Clone, Debug)]
pub(crate) enum What {
    /// Nothing that could be notified.
    Nothing,
    /// Events of a class: identity and maker.
    Events(EventIndex, Vec<(Name, Name)>),
    /// An item of a holder.
    Item(ItemIndex, ActorIndex, Name),
    /// The provision.
    Provision,
}

impl World<'_> {
    /// The occasions of a duty for a subject up to `T`, on binding days within the clause's time, in order.
    pub(crate) fn occasions(&self, clause: &DutyClause, subject: Subject) -> Vec<Occasion> {
        let mut occasions = match &clause.trigger {
            Trigger::Once(date) => self
                .date_of(date, subject)
                .map(|date| dated(date, None))
                .into_iter()
                .collect(),
            Trigger::Each(schedule) => self.scheduled(schedule, subject),
            Trigger::Event(selector) => self.by_event(selector, subject),
            Trigger::Notice(selector) => self.by_notice(selector, subject),
            Trigger::Change(selector, attributes) => {
                self.by_statement(selector, subject, |before, after, sure| {
                    let another = attributes
                        .iter()
                        .any(|attribute| changed(*attribute, before, after));
                    another && (sure.0 == Truth::True || sure.1 == Truth::True)
                })
            }
            Trigger::Count(selector, true) => {
                self.by_statement(selector, subject, |_, _, (before, after)| {
                    before != Truth::True && after == Truth::True
                })
            }
            Trigger::Count(selector, false) => {
                self.by_statement(selector, subject, |_, _, (before, after)| {
                    before != Truth::False && after == Truth::False
                })
            }
            Trigger::Becomes(condition) => {
                let first = self.first_day().unwrap_or(self.question.as_of);
                days(first, self.question.as_of)
                    .filter(|day| {
                        self.holds(condition, subject, *day) == Truth::True
                            && self.holds(condition, subject, day.previous()) != Truth::True
                    })
                    .map(|day| Occasion {
                        what: What::Provision,
                        ..dated(day, None)
                    })
                    .collect()
            }
        };
        occasions.retain(|occasion| {
            occasion.day <= self.question.as_of
                && self.is_binding(subject, occasion.day)
                && self.is_during(&clause.during, subject, occasion.day)
        });
        occasions.sort_by(|a, b| a.day.cmp(&b.day).then_with(|| in_order(&a.name, &b.name)));
        occasions
    }

    fn scheduled(&self, schedule: &Schedule, subject: Subject) -> Vec<Occasion> {
        let until = self.question.as_of;
        let dates = |dates: Vec<Date>| dates.into_iter().map(|date| dated(date, None)).collect();
        let in_force = self.entry_into_force_for(subject);
        match schedule {
            Schedule::Every(duration, from) => {
                let (base, first) = match from {
                    Some(from) => (self.date_of(from, subject), 0),
                    None => (in_force, 1),
                };
                let Some(base) = base.filter(|_| !duration.is_zero()) else {
                    return Vec::new();
                };
                let mut all: Vec<Date> = (first..100_000)
                    .map(|count| base.plus(times(*duration, count)))
                    .take_while(|date| *date <= until)
                    .collect();
                all.dedup();
                dates(all)
            }
            Schedule::AsOf(month_days, from) => {
                let base = match from {
                    Some(from) => self.date_of(from, subject),
                    None => in_force,
                };
                let Some(base) = base else { return Vec::new() };
                dates(
                    days(base, until)
                        .filter(|date| month_days.iter().any(|day| falls_on(*day, *date)))
                        .collect(),
                )
            }
            Schedule::Each(period) => {
                let Some(first) = self.first_day() else {
                    return Vec::new();
                };
                days(first, until)
                    .filter_map(|day| {
                        let period = self.period_with(*period, day)?;
                        (period.0 == day).then(|| dated(day, Some(period)))
                    })
                    .collect()
            }
        }
    }

    fn by_event(&self, selector: &Selector, subject: Subject) -> Vec<Occasion> {
        let ClassIndex::Event(class) = selector.class else {
            return Vec::new();
        };
        self.events(class)
            .into_iter()
            .filter_map(|event| {
                let day = event.at.date();
                let matches = self.event_matches(&event, selector, subject, day);
                (matches != Truth::False).then(|| Occasion {
                    name: event.identity.to_string(),
                    first: day,
                    day,
                    instant: instant(event.at),
                    sure: matches == Truth::True && event.sure,
                    period: None,
                    what: What::Events(class, vec![(event.identity, event.maker)]),
                })
            })
            .collect()
    }

    fn by_notice(&self, selector: &Selector, subject: Subject) -> Vec<Occasion> {
        let ClassIndex::Event(class) = selector.class else {
            return Vec::new();
        };
        let events = self.events(class);
        self.entries
            .iter()
            .filter(|entry| entry.kind == Kind::Notification)
            .filter_map(|entry| {
                let found: Vec<(Name, Name)> = events
                    .iter()
                    .filter(|event| event.entries.contains(&entry.id))
                    .filter(|event| {
                        event.sure
                            && self.event_matches(event, selector, subject, event.at.date())
                                == Truth::True
                    })
                    .map(|event| (event.identity.clone(), event.maker.clone()))
                    .collect();
                let made = known_from(entry);
                let day = made.date();
                (!found.is_empty()).then(|| Occasion {
                    name: entry.id.to_string(),
                    first: day,
                    day,
                    instant: Some(made),
                    sure: true,
                    period: None,
                    what: What::Events(class, found),
                })
            })
            .collect()
    }

    /// Statements of items in the evidence registers of the selection's holders, of which `is_one` says
    /// whether they are an occasion, from the item's attributes and its match before and after.
    fn by_statement(
        &self,
        selector: &Selector,
        subject: Subject,
        is_one: impl Fn(Option<&Attributes>, Option<&Attributes>, (Truth, Truth)) -> bool,
    ) -> Vec<Occasion> {
        let ClassIndex::Item(item) = selector.class else {
            return Vec::new();
        };
        let mut occasions: Vec<Occasion> = Vec::new();
        for holder in self.holders(selector.by, subject) {
            for author in self.authors(Subject::Actor(holder), false) {
                let mut things: Vec<Thing> = Vec::new();
                let mut stated: Vec<(Name, Date)> = Vec::new();
                for entry in self.stream(Subject::Actor(holder), &author, false) {
                    if entry.as_of.date() > self.question.as_of {
                        continue;
                    }
                    let mut own = Vec::new();
                    for statement in &entry.statements {
                        let before = things.clone();
                        self.apply(item, entry, statement, &mut own, &mut things);
                        if let Some(name) = self.item_of(item, entry, statement) {
                            let one = Statements {
                                item,
                                holder,
                                filter: &selector.filter,
                                subject,
                                entry,
                            };
                            self.one_statement(
                                &one,
                                &name,
                                &before,
                                &things,
                                &mut stated,
                                &is_one,
                                &mut occasions,
                            );
                        }
                    }
                    let before = things.clone();
                    self.complete(item, entry, &own, &mut things);
                    for thing in &before {
                        if let Identity::Item(name) = &thing.identity
                            && find(&things, name).is_none()
                        {
                            let one = Statements {
                                item,
                                holder,
                                filter: &selector.filter,
                                subject,
                                entry,
                            };
                            self.one_statement(
                                &one,
                                name,
                                &before,
                                &things,
                                &mut stated,
                                &is_one,
                                &mut occasions,
                            );
                        }
                    }
                }
            }
        }
        occasions
    }

    /// The item that a statement of the class is about.
    fn item_of(&self, item: ItemIndex, entry: &Entry, statement: &Statement) -> Option<Name> {
        match statement {
            Statement::Item {
                class, item: name, ..
            } if *class == self.agreement.items[item.index()].name
                && statement_counts(entry, statement, self.question) =>
            {
                Some(name.clone())
            }
            _ => None,
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "it is what the paragraph speaks of"
    )]
    fn one_statement(
        &self,
        one: &Statements<'_>,
        name: &Name,
        before: &[Thing],
        after: &[Thing],
        stated: &mut Vec<(Name, Date)>,
        is_one: &impl Fn(Option<&Attributes>, Option<&Attributes>, (Truth, Truth)) -> bool,
        occasions: &mut Vec<Occasion>,
    ) {
        let day = one.entry.as_of.date();
        let matches = |things: &[Thing]| {
            find(things, name).map_or(Truth::False, |thing| {
                self.matches(one.filter, &thing.attributes, one.subject, day)
            })
        };
        let previous = stated
            .iter()
            .find(|(stated, _)| stated == name)
            .map(|(_, day)| *day);
        let is_occasion = is_one(
            find(before, name).map(|thing| &thing.attributes),
            find(after, name).map(|thing| &thing.attributes),
            (matches(before), matches(after)),
        );
        stated.retain(|(stated, _)| stated != name);
        stated.push((name.clone(), day));
        if !is_occasion {
            return;
        }
        let first = match (one.entry.kind, previous) {
            (Kind::Declaration | Kind::Inspection, Some(previous)) => previous.next().min(day),
            _ => day,
        };
        // What several state of one item as of one day is one change.
        let same = |occasion: &&mut Occasion| {
            occasion.day == day
                && matches!(&occasion.what, What::Item(_, holder, item)
                    if *holder == one.holder && item == name)
        };
        match occasions.iter_mut().find(same) {
            Some(occasion) => occasion.first = occasion.first.max(first),
            None => occasions.push(Occasion {
                name: format!("{name} {day}"),
                first,
                day,
                instant: None,
                sure: true,
                period: None,
                what: What::Item(one.item, one.holder, name.clone()),
            }),
        }
    }
}

/// The register and entry that a statement stands in.
struct Statements<'a> {
    item: ItemIndex,
    holder: ActorIndex,
    filter: &'a Filter,
    subject: Subject,
    entry: &'a Entry,
}

fn dated(day: Date, period: Option<(Date, Date)>) -> Occasion {
    Occasion {
        name: day.to_string(),
        first: day,
        day,
        instant: None,
        sure: true,
        period,
        what: What::Nothing,
    }
}

/// The instant, where one is known.
fn instant(when: When) -> Option<Instant> {
    match when {
        When::Day(_) => None,
        When::At(instant) => Some(instant),
    }
}

fn find<'t>(things: &'t [Thing], name: &Name) -> Option<&'t Thing> {
    things
        .iter()
        .find(|thing| matches!(&thing.identity, Identity::Item(item) if item == name))
}

/// Whether an attribute has another value than the one recorded before.
fn changed(
    attribute: AttributeIndex,
    before: Option<&Attributes>,
    after: Option<&Attributes>,
) -> bool {
    let value = |attributes: Option<&Attributes>| {
        attributes.and_then(|attributes| attributes.get(&attribute).cloned())
    };
    match (value(before), value(after)) {
        (Some(before), Some(after)) => before != after,
        _ => false,
    }
}
