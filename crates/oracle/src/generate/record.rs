//! Random records for an agreement.

use std::sync::Arc;

use detente_agreement::model::{Agreement, AttributeKind, Class};
use detente_quantity::{Date, Decimal, Interval, Name, When};
use detente_record::{Act, Entry, Evidence, Kind, Origin, Record, Statement, Value};

use super::Choices;
use super::agreement::{KIND, name};
use super::dates::Calendar;
use super::expression::place;

/// Entries that a record accepts, in normal form.
pub(super) fn entries(
    choices: &mut Choices,
    calendar: &Calendar,
    agreement: &Agreement,
) -> Vec<Entry> {
    let mut record = Record::new();
    let count = choices.below(14);
    for number in 1..=count {
        let entry = entry(choices, calendar, agreement, number);
        // One that contradicts itself is none: the record would not have it.
        let _ = record.push(entry);
    }
    record.entries().collect()
}

fn entry(choices: &mut Choices, calendar: &Calendar, agreement: &Agreement, number: u32) -> Entry {
    let kind = [
        Kind::Declaration,
        Kind::Notification,
        Kind::Act,
        Kind::Inspection,
        Kind::Observation,
        Kind::Proof,
    ][choices.weighted(&[6, 4, 3, 2, 2, 1])];
    let actors: Vec<Name> = agreement
        .actors
        .iter()
        .map(|actor| actor.name.clone())
        .collect();
    let party = choices.one_of(&actors).clone();
    let author = match (kind, choices.weighted(&[6, 1, 1])) {
        (Kind::Act, _) | (_, 0) => party.clone(),
        (_, 1) => choices.one_of(&actors).clone(),
        _ => name("Agency"),
    };
    let day = match choices.weighted(&[12, 1, 1]) {
        0 => calendar.day(choices),
        1 => calendar.first.plus_days(-(choices.between(1, 5) as i32)),
        _ => calendar.last().plus_days(choices.between(1, 3) as i32),
    };
    let as_of = if choices.one_in(8) {
        When::At(calendar.instant(choices, day))
    } else {
        When::Day(day)
    };
    let made = match choices.weighted(&[7, 4, 2, 1]) {
        0 => Some(calendar.instant(choices, day)),
        1 => {
            let later = day.plus_days(choices.between(1, 6) as i32);
            Some(calendar.instant(choices, later))
        }
        2 => {
            let earlier = day.plus_days(-(choices.between(1, 4) as i32));
            Some(calendar.instant(choices, earlier))
        }
        _ => None,
    };
    let evidence = match kind {
        Kind::Inspection => Evidence::Inspected,
        Kind::Observation => [Evidence::Observed, Evidence::Estimated][choices.weighted(&[1, 2])],
        Kind::Proof => Evidence::Proved,
        _ if choices.one_in(10) => Evidence::Estimated,
        _ => Evidence::Declared,
    };
    let statements = (0..=choices.weighted(&[4, 3, 2]))
        .map(|_| statement(choices, calendar, agreement, kind, number))
        .collect();
    Entry {
        id: name(&format!("e{number}")),
        kind,
        author,
        party,
        as_of,
        made,
        agreement: match choices.weighted(&[12, 2, 1]) {
            0 => None,
            1 => Some(name(&agreement.title)),
            _ => Some(name("Another")),
        },
        provision: choices.maybe(4, |choices| {
            choices.one_of(&agreement.provisions).id.clone()
        }),
        evidence,
        corrects: choices.maybe(10, |choices| name(&format!("e{}", choices.between(1, 13)))),
        source: None,
        note: None,
        statements,
        origin: Origin {
            file: Arc::from("record.jsonl"),
            line: u64::from(number),
        },
    }
}

fn statement(
    choices: &mut Choices,
    calendar: &Calendar,
    agreement: &Agreement,
    kind: Kind,
    number: u32,
) -> Statement {
    if kind == Kind::Act {
        return act(choices, calendar, agreement, number);
    }
    let weights = match kind {
        Kind::Notification => [1, 5, 0, 0, 6],
        Kind::Inspection => [2, 3, 1, 2, 2],
        _ => [4, 4, 2, 3, 2],
    };
    match choices.weighted(&weights) {
        0 => {
            let measure = match agreement.measures.len() {
                0 => name("stock"),
                _ => choices.one_of(&agreement.measures).name.clone(),
            };
            Statement::Value {
                measure,
                value: amount(choices, 7),
                unit: None,
                over: choices.maybe(4, |choices| span(choices, calendar)),
            }
        }
        1 => Statement::Item {
            class: choices.one_of(&agreement.items).name.clone(),
            item: name(*choices.one_of(&["r1", "r2", "r10"])),
            attributes: attributes(choices, calendar, agreement, &agreement.items[0], 3),
            gone: choices.one_in(5),
        },
        2 => Statement::Lot {
            class: choices.one_of(&agreement.items).name.clone(),
            lot: choices.maybe(2, |choices| name(*choices.one_of(&["l1", "l2"]))),
            attributes: attributes(choices, calendar, agreement, &agreement.items[0], 2),
            quantity: amount(choices, 4),
        },
        3 => {
            let event = choices.one_in(2);
            let classes = if event {
                &agreement.events
            } else {
                &agreement.items
            };
            let class = choices.one_of(classes).clone();
            Statement::Complete {
                attributes: if choices.one_in(3) {
                    vec![(
                        class.attributes[KIND as usize].name.clone(),
                        value(choices, calendar, agreement, &class, KIND),
                    )]
                } else {
                    Vec::new()
                },
                class: class.name,
                over: event.then(|| span(choices, calendar)),
            }
        }
        _ => {
            let class = choices.one_of(&agreement.events).clone();
            let day = calendar.day(choices);
            Statement::Event {
                event: name(*choices.one_of(&["v1", "v2", "v3", "v10"])),
                at: if choices.one_in(3) {
                    When::At(calendar.instant(choices, day))
                } else {
                    When::Day(day)
                },
                toward: choices.maybe(2, |choices| choices.one_of(&agreement.actors).name.clone()),
                attributes: attributes(choices, calendar, agreement, &class, 3),
                class: class.name,
            }
        }
    }
}

fn span(choices: &mut Choices, calendar: &Calendar) -> (Date, Date) {
    let from = match choices.weighted(&[2, 2, 1]) {
        0 => calendar.day(choices),
        1 => calendar.day(choices).first_of_month(),
        _ => calendar.first,
    };
    let to = match choices.weighted(&[3, 2, 1]) {
        0 => from.plus_days(choices.between(1, 25) as i32),
        1 => from.first_of_next_month(),
        _ => from.plus_days(60),
    };
    (from, to)
}

/// A small number or range.
fn amount(choices: &mut Choices, below: u32) -> Interval {
    let lo = choices.below(below);
    match choices.weighted(&[6, 2, 1]) {
        0 => Interval::exact(lo),
        1 => Interval::between(lo, lo + choices.between(1, 3)),
        _ => Interval::at_least(lo),
    }
}

fn attributes(
    choices: &mut Choices,
    calendar: &Calendar,
    agreement: &Agreement,
    class: &Class,
    most: u32,
) -> Vec<(Name, Value)> {
    let mut attributes: Vec<(Name, Value)> = Vec::new();
    for _ in 0..choices.below(most + 1) {
        let index = [0, 1, 2, 3, 4, 5, 6, 7][choices.weighted(&[6, 3, 3, 3, 3, 1, 1, 1])];
        let named = class.attributes[index as usize].name.clone();
        if attributes.iter().all(|(other, _)| *other != named) {
            let value = value(choices, calendar, agreement, class, index);
            attributes.push((named, value));
        }
    }
    attributes
}

fn value(
    choices: &mut Choices,
    calendar: &Calendar,
    agreement: &Agreement,
    class: &Class,
    index: u32,
) -> Value {
    match &class.attributes[index as usize].kind {
        AttributeKind::OneOf(values) => Value::Word(choices.one_of(values).clone()),
        AttributeKind::Number(_) => Value::Number(amount(choices, 5), None),
        AttributeKind::Date => Value::Date(calendar.day(choices).plus_days(-5)),
        AttributeKind::Place => Value::Word(place(choices)),
        AttributeKind::Text => Value::Word(name(*choices.one_of(&["first", "second"]))),
        AttributeKind::Party => Value::Word(choices.one_of(&agreement.actors).name.clone()),
        AttributeKind::YesOrNo => Value::Word(name(*choices.one_of(&["yes", "no"]))),
    }
}

fn act(
    choices: &mut Choices,
    calendar: &Calendar,
    agreement: &Agreement,
    number: u32,
) -> Statement {
    let acts = [
        Act::Ratification,
        Act::Signature,
        Act::Accession,
        Act::EntryIntoForce,
        Act::ProvisionalApplication,
        Act::Extension,
        Act::Suspension,
        Act::Acceptance,
        Act::Resumption,
        Act::Withdrawal,
        Act::Termination,
        Act::Dispute,
        Act::Named(name("report")),
    ];
    let act = acts[choices.weighted(&[4, 2, 1, 2, 1, 5, 3, 4, 2, 2, 3, 1, 3])].clone();
    let _ = Decimal::ZERO;
    Statement::Act {
        until: if act == Act::Extension || choices.one_in(10) {
            Some(calendar.day(choices).plus_days(choices.below(20) as i32))
        } else {
            None
        },
        sets: if agreement.dates.is_empty() {
            None
        } else {
            choices.maybe(3, |choices| choices.one_of(&agreement.dates).name.clone())
        },
        answers: if matches!(act, Act::Acceptance | Act::Dispute) {
            Some(name(&format!("e{}", choices.between(1, number.max(2)))))
        } else {
            None
        },
        act,
    }
}
