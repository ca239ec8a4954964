//! Concrete worlds, and records that tell a part of the truth about them.
//!
//! A world fixes everything: which items there are on each day with which attributes, which events took
//! place, what every measure without formula is. Two records are drawn from it: one that tells everything,
//! exactly, on every day on which something changes; and one that tells less: ranges that contain the
//! truth, attributes left out, streams that speak of some things only, estimates. Nothing in it is false,
//! and whatever a stream has stated it restates on the day on which that changes, so that presuming
//! continuity is right. What the partial record gives must then allow what the full one gives.

use std::sync::Arc;

use detente_agreement::model::{Agreement, AttributeKind, Class};
use detente_quantity::{Date, Decimal, Interval, Name, When};
use detente_record::{Entry, Evidence, Kind, Origin, Record, Statement, Value};

use crate::generate::{Calendar, Case, Choices, place};

/// A question about a world, with the whole truth and a part of it.
#[derive(Clone, Debug)]
pub struct Worlds {
    /// The agreement and question with the partial record.
    pub partial: Case,
    /// The same with the whole truth; nothing goes stale, all events are recorded in full.
    pub full: Case,
}

/// An item in a stretch of days without change.
#[derive(Clone, Debug, PartialEq)]
struct Thing {
    name: Name,
    attributes: Vec<(Name, Value)>,
}

/// What is true of one party and class, or of its measures, from a day on.
#[derive(Clone, Debug)]
struct Truth {
    from: Date,
    things: Vec<Thing>,
    measures: Vec<(Name, u32)>,
}

impl Worlds {
    /// The world that these choices make.
    #[must_use]
    pub fn from_choices(choices: &mut Choices) -> Worlds {
        let mut case = Case::from_choices(choices);
        let calendar = Calendar::of(&case);
        // Only the acts of the case remain; the rest of the record is told anew.
        let acts: Vec<Entry> = case
            .entries
            .iter()
            .filter(|entry| entry.kind == Kind::Act)
            .cloned()
            .collect();
        case.question.known_at = None;
        case.question.evidence = None;
        // Under a reading that gives a measure another formula, what was stated of it would be false.
        case.agreement.readings.clear();

        let mut writer = Writer {
            number: 100,
            partial: Vec::new(),
            full: Vec::new(),
        };
        let actors: Vec<Name> = case
            .agreement
            .actors
            .iter()
            .map(|actor| actor.name.clone())
            .collect();
        for actor in &actors {
            for index in 0..case.agreement.items.len() {
                let class = case.agreement.items[index].clone();
                let truths = truths(choices, &calendar, &case.agreement, &class);
                writer.tell_things(choices, actor, &class, &truths);
                if index == 0 {
                    writer.tell_measures(choices, actor, &case.agreement, &truths);
                }
            }
            for class in case.agreement.events.clone() {
                writer.tell_events(choices, &calendar, &case.agreement, actor, &class);
            }
        }
        let case_of = |agreement: Agreement, told: Vec<Entry>| {
            let mut record = Record::new();
            for entry in acts.iter().cloned().chain(told) {
                let _ = record.push(entry);
            }
            Case {
                agreement,
                entries: record.entries().collect(),
                question: case.question.clone(),
            }
        };
        let mut open = case.agreement.clone();
        for class in open.items.iter_mut().chain(&mut open.events) {
            class.declared = None;
        }
        for class in &mut open.events {
            class.recorded_in_full = true;
        }
        for measure in &mut open.measures {
            measure.declared = None;
        }
        let mut full = case_of(open, writer.full);
        full.question.strict = false;
        Worlds {
            partial: case_of(case.agreement.clone(), writer.partial),
            full,
        }
    }
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// What is true over time: up to three stretches.
fn truths(
    choices: &mut Choices,
    calendar: &Calendar,
    agreement: &Agreement,
    class: &Class,
) -> Vec<Truth> {
    // Before everything else that can be asked about, the first truth holds.
    let mut starts = vec![calendar.first.plus_days(-800)];
    for _ in 0..choices.below(3) {
        starts.push(calendar.day(choices));
    }
    starts.sort();
    starts.dedup();
    let mut truths: Vec<Truth> = Vec::new();
    for from in starts {
        let mut things = Vec::new();
        for item in ["r1", "r2", "r10"] {
            let before = truths.last().and_then(|truth| {
                truth
                    .things
                    .iter()
                    .find(|thing| thing.name == name(item))
                    .cloned()
            });
            match before {
                Some(thing) if !choices.one_in(3) => things.push(thing),
                _ if choices.one_in(2) => things.push(Thing {
                    name: name(item),
                    attributes: class
                        .attributes
                        .iter()
                        .map(|attribute| {
                            let value = exact(choices, calendar, agreement, &attribute.kind);
                            (attribute.name.clone(), value)
                        })
                        .collect(),
                }),
                _ => {}
            }
        }
        let measures = agreement
            .measures
            .iter()
            .filter(|measure| measure.formula.is_none())
            .map(|measure| (measure.name.clone(), choices.below(7)))
            .collect();
        truths.push(Truth {
            from,
            things,
            measures,
        });
    }
    truths
}

fn exact(
    choices: &mut Choices,
    calendar: &Calendar,
    agreement: &Agreement,
    kind: &AttributeKind,
) -> Value {
    match kind {
        AttributeKind::OneOf(values) => Value::Word(choices.one_of(values).clone()),
        AttributeKind::Number(_) => Value::Number(Interval::exact(choices.below(5)), None),
        AttributeKind::Date => Value::Date(calendar.day(choices)),
        AttributeKind::Place => Value::Word(place(choices)),
        AttributeKind::Text => Value::Word(name(choices.one_of::<&str>(&["first", "second"]))),
        AttributeKind::Party => Value::Word(choices.one_of(&agreement.actors).name.clone()),
        AttributeKind::YesOrNo => Value::Word(name(choices.one_of::<&str>(&["yes", "no"]))),
    }
}

/// A range that contains a number.
fn around(choices: &mut Choices, number: Decimal) -> Interval {
    let below = Decimal::from(choices.below(3)).min(number);
    match choices.weighted(&[3, 3, 1]) {
        0 => Interval::exact(number),
        1 => Interval::between(number - below, number + Decimal::from(choices.below(3))),
        _ => Interval::at_least(number - below),
    }
}

fn less_exact(choices: &mut Choices, value: &Value) -> Value {
    match value {
        Value::Number(range, unit) => match range.is_exact() {
            Some(number) => Value::Number(around(choices, number), unit.clone()),
            None => value.clone(),
        },
        other => other.clone(),
    }
}

struct Writer {
    number: u32,
    partial: Vec<Entry>,
    full: Vec<Entry>,
}

impl Writer {
    fn entry(
        &mut self,
        author: &str,
        party: &Name,
        day: Date,
        evidence: Evidence,
        statements: Vec<Statement>,
    ) -> Entry {
        self.number += 1;
        Entry {
            id: name(&format!("w{}", self.number)),
            kind: Kind::Observation,
            author: name(author),
            party: party.clone(),
            as_of: When::Day(day),
            made: Some(day.start()),
            agreement: None,
            provision: None,
            evidence,
            corrects: None,
            source: None,
            note: None,
            statements,
            origin: Origin {
                file: Arc::from("world.jsonl"),
                line: u64::from(self.number),
            },
        }
    }

    fn tell_things(
        &mut self,
        choices: &mut Choices,
        party: &Name,
        class: &Class,
        truths: &[Truth],
    ) {
        let item = |thing: &Thing, attributes: Vec<(Name, Value)>, gone: bool| Statement::Item {
            class: class.name.clone(),
            item: thing.name.clone(),
            attributes,
            gone,
        };
        for truth in truths {
            let mut statements: Vec<Statement> = truth
                .things
                .iter()
                .map(|thing| item(thing, thing.attributes.clone(), false))
                .collect();
            statements.push(Statement::Complete {
                class: class.name.clone(),
                attributes: Vec::new(),
                over: None,
            });
            let told = self.entry("Chronicle", party, truth.from, Evidence::Proved, statements);
            self.full.push(told);
        }
        let streams: u32 = choices.below(4);
        for stream in 0..streams {
            let evidence = if choices.one_in(3) {
                Evidence::Estimated
            } else {
                Evidence::Declared
            };
            let author = format!("Author {stream}");
            // What the stream has of each thing: the names of the attributes it has stated.
            let mut known: Vec<(Thing, Vec<Name>)> = Vec::new();
            let mut has_completed = false;
            let begins = choices.below(truths.len() as u32) as usize;
            for (index, truth) in truths.iter().enumerate().skip(begins) {
                let completes = choices.one_in(2);
                let mut statements = Vec::new();
                let mut now: Vec<(Thing, Vec<Name>)> = Vec::new();
                for thing in &truth.things {
                    let before = known.iter().find(|(other, _)| other.name == thing.name);
                    let changed = before.is_some_and(|(other, _)| other != thing);
                    let must = changed || completes || (has_completed && before.is_none());
                    if !must && !choices.one_in(2) {
                        now.extend(before.cloned());
                        continue;
                    }
                    let mut stated: Vec<Name> =
                        before.map(|(_, stated)| stated.clone()).unwrap_or_default();
                    let mut attributes = Vec::new();
                    for (attribute, value) in &thing.attributes {
                        if stated.contains(attribute) || choices.one_in(2) {
                            attributes.push((attribute.clone(), less_exact(choices, value)));
                            if !stated.contains(attribute) {
                                stated.push(attribute.clone());
                            }
                        }
                    }
                    statements.push(item(thing, attributes, false));
                    now.push((thing.clone(), stated));
                }
                for (thing, _) in &known {
                    if truth.things.iter().all(|other| other.name != thing.name) && !completes {
                        statements.push(item(thing, Vec::new(), true));
                    }
                }
                if completes {
                    has_completed = true;
                    statements.push(Statement::Complete {
                        class: class.name.clone(),
                        attributes: Vec::new(),
                        over: None,
                    });
                }
                known = now;
                if !statements.is_empty() {
                    let day = if index == begins {
                        // Later than the change, but before the next one.
                        let next = truths.get(index + 1).map(|next| next.from);
                        let later = truth.from.plus_days(choices.below(800) as i32);
                        next.map_or(later, |next| later.min(next.previous()))
                    } else {
                        truth.from
                    };
                    let told = self.entry(&author, party, day, evidence, statements);
                    self.partial.push(told);
                }
            }
        }
    }

    fn tell_measures(
        &mut self,
        choices: &mut Choices,
        party: &Name,
        agreement: &Agreement,
        truths: &[Truth],
    ) {
        let _ = agreement;
        let streams = choices.below(3);
        for truth in truths {
            let statements: Vec<Statement> = truth
                .measures
                .iter()
                .map(|(measure, number)| value(measure, Interval::exact(*number)))
                .collect();
            if !statements.is_empty() {
                let told = self.entry("Chronicle", party, truth.from, Evidence::Proved, statements);
                self.full.push(told);
            }
        }
        for stream in 0..streams {
            let evidence = if choices.one_in(3) {
                Evidence::Estimated
            } else {
                Evidence::Declared
            };
            for truth in truths {
                let statements: Vec<Statement> = truth
                    .measures
                    .iter()
                    .map(|(measure, number)| {
                        value(measure, around(choices, Decimal::from(*number)))
                    })
                    .collect();
                if !statements.is_empty() {
                    let author = format!("Author {stream}");
                    let told = self.entry(&author, party, truth.from, evidence, statements);
                    self.partial.push(told);
                }
            }
        }
    }

    fn tell_events(
        &mut self,
        choices: &mut Choices,
        calendar: &Calendar,
        agreement: &Agreement,
        party: &Name,
        class: &Class,
    ) {
        // Either nothing is left out, or what is said to be complete is.
        let complete_from = calendar.day(choices);
        let complete_to = complete_from.plus_days(choices.between(1, 40) as i32);
        for event in ["v1", "v2", "v3", "v10"] {
            if choices.one_in(2) {
                continue;
            }
            let day = calendar.day(choices);
            let toward = Some(choices.one_of(&agreement.actors).name.clone());
            let attributes: Vec<(Name, Value)> = class
                .attributes
                .iter()
                .map(|attribute| {
                    let value = exact(choices, calendar, agreement, &attribute.kind);
                    (attribute.name.clone(), value)
                })
                .collect();
            let statement =
                |toward: Option<Name>, attributes: Vec<(Name, Value)>| Statement::Event {
                    class: class.name.clone(),
                    event: name(event),
                    at: When::Day(day),
                    toward,
                    attributes,
                };
            let told = self.entry(
                "Chronicle",
                party,
                day,
                Evidence::Proved,
                vec![statement(toward.clone(), attributes.clone())],
            );
            self.full.push(told);
            let within = complete_from <= day && day < complete_to;
            if class.recorded_in_full || within || choices.one_in(2) {
                let attributes = attributes
                    .iter()
                    .filter(|_| choices.one_in(2))
                    .cloned()
                    .collect::<Vec<_>>()
                    .iter()
                    .map(|(attribute, value)| (attribute.clone(), less_exact(choices, value)))
                    .collect();
                let toward = toward.filter(|_| choices.one_in(2));
                let evidence = if choices.one_in(4) {
                    Evidence::Estimated
                } else {
                    Evidence::Observed
                };
                let told = self.entry(
                    "Author 0",
                    party,
                    day,
                    evidence,
                    vec![statement(toward, attributes)],
                );
                self.partial.push(told);
            }
        }
        let told = self.entry(
            "Author 0",
            party,
            complete_from,
            Evidence::Observed,
            vec![Statement::Complete {
                class: class.name.clone(),
                attributes: Vec::new(),
                over: Some((complete_from, complete_to)),
            }],
        );
        self.partial.push(told);
    }
}

fn value(measure: &Name, value: Interval) -> Statement {
    Statement::Value {
        measure: measure.clone(),
        value,
        unit: None,
        over: None,
    }
}
