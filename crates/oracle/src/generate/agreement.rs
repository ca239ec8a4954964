//! Random agreements.

use detente_agreement::model::{
    Actor, ActorIndex, Agreement, Attribute, AttributeKind, Class, Clause, DateIndex, DateSetter,
    Exception, Extension, Group, GroupIndex, InForce, Life, Measure, MeasureIndex, NamedDate,
    Provision, ProvisionIndex, Reading, Row, Rule, Subjects, Term, YearStart, Zone,
};
use detente_agreement::syntax::ast::OwnAct;
use detente_quantity::{Comparison, Name, Unit};

use super::Choices;
use super::dates::{Calendar, date_of, duration, during, month_day, schedule};
use super::expression::{Sort, condition, expression};

pub(super) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

pub(super) fn agreement(choices: &mut Choices, calendar: &Calendar) -> Agreement {
    let mut agreement = Agreement {
        title: "Test".to_owned(),
        actors: Vec::new(),
        groups: Vec::new(),
        life: Life {
            signed: None,
            in_force: InForce::On(calendar.first),
            term: Term::Unlimited,
            extension: None,
            withdrawal: None,
            accession: false,
            provisional: None,
            year: YearStart::EntryIntoForce,
        },
        items: Vec::new(),
        events: Vec::new(),
        zones: Vec::new(),
        dates: Vec::new(),
        measures: Vec::new(),
        provisions: Vec::new(),
        readings: Vec::new(),
        brackets: Vec::new(),
    };
    for party in ["Alba", "Borea", "Cora"]
        .iter()
        .take(2 + choices.weighted(&[3, 1]))
    {
        agreement.actors.push(Actor {
            name: name(party),
            full: None,
            party: true,
        });
    }
    if choices.one_in(4) {
        agreement.actors.push(Actor {
            name: name("Council"),
            full: None,
            party: false,
        });
    }
    if choices.one_in(3) {
        let members = agreement
            .parties()
            .skip(choices.below(2) as usize)
            .collect();
        agreement.groups.push(Group {
            name: name("Entente"),
            full: None,
            members,
        });
    }
    agreement.life = life(choices, calendar, &agreement);
    for (zone, places) in [
        ("north", vec!["Aken", "Bern"]),
        ("coast", vec!["Bern", "Cadiz"]),
    ]
    .into_iter()
    .take(choices.below(3) as usize)
    {
        agreement.zones.push(Zone {
            name: name(zone),
            places: places.into_iter().map(name).collect(),
        });
    }
    for index in 0..choices.weighted(&[5, 2, 2]) {
        let set = setter(choices, calendar, &agreement, index);
        agreement.dates.push(NamedDate {
            name: name(["opening", "closing"][index]),
            set,
        });
    }
    for index in 0..=choices.weighted(&[3, 1]) {
        agreement
            .items
            .push(class(choices, calendar, ["rocket", "tank"][index], true));
    }
    for index in 0..=choices.weighted(&[3, 1]) {
        agreement
            .events
            .push(class(choices, calendar, ["visit", "flight"][index], false));
    }
    for index in 0..choices.weighted(&[3, 3, 2]) {
        let measure = measure(choices, calendar, &agreement, index);
        agreement.measures.push(measure);
    }
    for index in 0..=choices.weighted(&[4, 3, 1]) {
        let provision = provision(choices, calendar, &agreement, index);
        agreement.provisions.push(provision);
    }
    if choices.one_in(6) {
        let reading = reading(choices, calendar, &agreement);
        agreement.readings.push(reading);
    }
    agreement
}

fn life(choices: &mut Choices, calendar: &Calendar, agreement: &Agreement) -> Life {
    let parties: Vec<ActorIndex> = agreement.parties().collect();
    // Mostly before entry into force, as the compiler demands of texts that state both.
    let signed = choices.maybe(2, |choices| match choices.weighted(&[4, 1]) {
        0 => calendar.first.plus_days(-(choices.below(4) as i32)),
        _ => calendar.day(choices),
    });
    let in_force = match choices.weighted(&[6, 3, 1]) {
        0 if choices.one_in(10) => {
            let day = calendar.day(choices);
            InForce::On(day.minus(detente_quantity::Duration::Months(12)))
        }
        0 => InForce::On(
            calendar
                .first
                .plus_days(choices.below(calendar.length / 3 + 1) as i32),
        ),
        1 => {
            let who: Vec<ActorIndex> = if choices.one_in(4) {
                parties[..2].to_vec()
            } else {
                parties.clone()
            };
            InForce::When {
                count: if choices.one_in(3) {
                    1
                } else {
                    who.len() as u32
                },
                who,
                ratified: !choices.one_in(3),
                later: choices.maybe(3, duration),
            }
        }
        _ => InForce::ByAct,
    };
    let term = match choices.weighted(&[3, 2, 2]) {
        0 => Term::Unlimited,
        1 => Term::For(match choices.below(2) {
            0 => detente_quantity::Duration::Days(choices.between(3, 30)),
            _ => detente_quantity::Duration::Months(1),
        }),
        _ => {
            let until = calendar.day(choices).next();
            // An agreement that ends before it begins is refused by the compiler.
            Term::Until(match &in_force {
                InForce::On(from) => until.max(from.next()),
                _ => until,
            })
        }
    };
    Life {
        signed,
        in_force,
        term,
        // What has no end cannot be extended.
        extension: choices.maybe(if term == Term::Unlimited { 0 } else { 3 }, |choices| {
            Extension {
                up_to: duration(choices),
                repeatable: choices.one_in(2),
            }
        }),
        withdrawal: choices.maybe(2, duration),
        accession: choices.one_in(2),
        provisional: choices.maybe(5, |choices| date_of(choices, calendar, 0)),
        year: if choices.one_in(2) {
            YearStart::MonthDay(month_day(choices, calendar))
        } else {
            YearStart::EntryIntoForce
        },
    }
}

fn setter(
    choices: &mut Choices,
    calendar: &Calendar,
    agreement: &Agreement,
    named: usize,
) -> DateSetter {
    match choices.weighted(&[3, 3, 1, 1, 1]) {
        0 => DateSetter::Is(date_of(choices, calendar, named)),
        1 => DateSetter::Act(match choices.below(2) {
            0 => agreement.parties().collect(),
            _ => vec![actor(choices, agreement)],
        }),
        2 => DateSetter::Own(*choices.one_of(&[
            OwnAct::Ratification,
            OwnAct::Signature,
            OwnAct::Accession,
            OwnAct::EntryIntoForce,
        ])),
        3 => DateSetter::OwnNamed,
        _ => DateSetter::AllActs(agreement.parties().collect()),
    }
}

/// Any party or body.
pub(super) fn actor(choices: &mut Choices, agreement: &Agreement) -> ActorIndex {
    ActorIndex(choices.below(agreement.actors.len() as u32))
}

/// The attributes of every class, in this order.
pub(super) const KIND: u32 = 0;
pub(super) const SIZE: u32 = 1;
pub(super) const WEIGHT: u32 = 2;
pub(super) const SITE: u32 = 3;
pub(super) const BUILT: u32 = 4;
pub(super) const OWNER: u32 = 5;
pub(super) const ACTIVE: u32 = 6;
pub(super) const MARK: u32 = 7;

fn class(choices: &mut Choices, calendar: &Calendar, class: &str, item: bool) -> Class {
    let attribute = |text: &str, kind: AttributeKind| Attribute {
        name: name(text),
        kind,
    };
    Class {
        name: name(class),
        plural: format!("{class}s"),
        attributes: vec![
            attribute(
                "kind",
                AttributeKind::OneOf(vec![name("red"), name("blue"), name("grey")]),
            ),
            attribute("size", AttributeKind::Number(Unit::COUNT)),
            attribute("weight", AttributeKind::Number(Unit::KILOGRAM)),
            attribute("site", AttributeKind::Place),
            attribute("built", AttributeKind::Date),
            attribute("owner", AttributeKind::Party),
            attribute("active", AttributeKind::YesOrNo),
            attribute("mark", AttributeKind::Text),
        ],
        defined: Vec::new(),
        declared: if item {
            choices.maybe(2, |choices| schedule(choices, calendar, 0))
        } else {
            None
        },
        recorded_in_full: !item && choices.one_in(2),
        span: 0..0,
    }
}

fn measure(
    choices: &mut Choices,
    calendar: &Calendar,
    agreement: &Agreement,
    index: usize,
) -> Measure {
    let sort = *choices.one_of(&[Sort::Count, Sort::Mass]);
    let formula = if choices.one_in(2) {
        Some(expression(choices, calendar, agreement, sort, 2))
    } else {
        None
    };
    Measure {
        name: name(["stock", "force", "level"][index]),
        unit: sort.unit(),
        formula,
        declared: choices.maybe(2, |choices| {
            schedule(choices, calendar, agreement.dates.len())
        }),
        span: 0..0,
    }
}

/// Whom a clause binds.
pub(super) fn subjects(choices: &mut Choices, agreement: &Agreement) -> Subjects {
    match choices.weighted(&[6, 2, 2, 1, 1]) {
        0 => Subjects::Each(agreement.parties().collect()),
        1 => Subjects::Each(vec![actor(choices, agreement)]),
        2 => Subjects::Together,
        3 if !agreement.groups.is_empty() => Subjects::Groups(vec![GroupIndex(0)]),
        4 => Subjects::Pairs,
        _ => Subjects::Together,
    }
}

fn provision(
    choices: &mut Choices,
    calendar: &Calendar,
    agreement: &Agreement,
    index: usize,
) -> Provision {
    let rule = match choices.weighted(&[5, 2, 1, 6]) {
        0 => Rule::Limit(clauses(choices, calendar, agreement)),
        1 => Rule::Right(clauses(choices, calendar, agreement)),
        2 => Rule::Watch(clauses(choices, calendar, agreement)),
        _ => {
            let clause = super::duty::clause(choices, calendar, agreement);
            Rule::Duty(vec![clause])
        }
    };
    let exceptions = (0..choices.weighted(&[5, 1, 1]))
        .map(|exception| Exception {
            label: choices.maybe(2, |_| format!("({})", ["a", "b"][exception])),
            title: format!("exception {exception}"),
            condition: condition(choices, calendar, agreement, 1),
        })
        .collect();
    let label = ["I", "II", "III"][index];
    Provision {
        id: name(label),
        citation: label.to_owned(),
        title: format!("rule {label}"),
        rule,
        exceptions,
        because: None,
        span: 0..0,
    }
}

fn clauses(choices: &mut Choices, calendar: &Calendar, agreement: &Agreement) -> Vec<Clause> {
    vec![clause(choices, calendar, agreement)]
}

fn clause(choices: &mut Choices, calendar: &Calendar, agreement: &Agreement) -> Clause {
    let sort = [Sort::Count, Sort::Mass, Sort::Share][choices.weighted(&[6, 3, 1])];
    let rows = 1 + choices.weighted(&[4, 1]);
    Clause {
        subjects: subjects(choices, agreement),
        value: expression(choices, calendar, agreement, sort, 2),
        comparison: *choices.one_of(&[
            Comparison::AtMost,
            Comparison::AtLeast,
            Comparison::Less,
            Comparison::Greater,
            Comparison::Equal,
        ]),
        rows: (0..rows)
            .map(|_| Row {
                bound: if choices.one_in(6) {
                    expression(choices, calendar, agreement, sort, 1)
                } else {
                    super::expression::number(choices, sort)
                },
                during: {
                    let mut time = during(choices, calendar, agreement.dates.len());
                    if rows > 1 && time.from.is_none() {
                        time.from = Some(date_of(choices, calendar, agreement.dates.len()));
                    }
                    time
                },
            })
            .collect(),
        unit: sort.unit(),
        case: None,
        span: 0..0,
    }
}

fn reading(choices: &mut Choices, calendar: &Calendar, agreement: &Agreement) -> Reading {
    let mut reading = Reading {
        by: vec![agreement.actors[0].name.clone()],
        proposal: choices.one_in(3),
        title: "another view".to_owned(),
        because: None,
        measures: Vec::new(),
        provisions: Vec::new(),
        added: Vec::new(),
        dates: Vec::new(),
        zones: Vec::new(),
        life: None,
        span: 0..0,
    };
    match choices.weighted(&[2, 2, 2]) {
        0 if !agreement.measures.is_empty() => {
            let index = choices.below(agreement.measures.len() as u32);
            // The formula may refer to earlier measures only, its unit stays.
            let mut earlier = agreement.clone();
            earlier.measures.truncate(index as usize);
            // Bounds may refer to the measure.
            earlier.provisions.clear();
            let mut measure = agreement.measures[index as usize].clone();
            let sort = if measure.unit == Unit::COUNT {
                Sort::Count
            } else {
                Sort::Mass
            };
            measure.formula = Some(expression(choices, calendar, &earlier, sort, 1));
            reading.measures.push((MeasureIndex(index), measure));
        }
        1 if !agreement.dates.is_empty() => {
            let index = choices.below(agreement.dates.len() as u32);
            let mut date = agreement.dates[index as usize].clone();
            date.set = setter(choices, calendar, agreement, index as usize);
            reading.dates.push((DateIndex(index), date));
        }
        _ => {
            let index = choices.below(agreement.provisions.len() as u32);
            let mut earlier = agreement.clone();
            earlier.provisions.truncate(index as usize);
            let provision = provision(choices, calendar, &earlier, index as usize);
            reading.provisions.push((ProvisionIndex(index), provision));
        }
    }
    reading
}
