//! Conditions on one thing, resolved: what a filter says of a state.

use crate::classes::{ClassView, Code, Meaning, UNRECORDED};
use crate::clock::plus;
use crate::dates::Dates;
use crate::subject::Subject;
use crate::track::Day;
use detente_agreement::model::{ActorIndex, AttributeIndex, Filter};
use detente_quantity::{Comparison, Decimal, Duration, Interval, Truth};

/// A filter with its dates, holders and zones resolved.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Test {
    All,
    And(Vec<Test>),
    Or(Vec<Test>),
    Not(Box<Test>),
    OneOf(AttributeIndex, Vec<u32>),
    Compare(AttributeIndex, Comparison, Decimal),
    Word(AttributeIndex, String),
    /// One of these places, sorted.
    Within(AttributeIndex, Vec<String>),
    Date(AttributeIndex, Comparison, Option<Day>),
    Aged(AttributeIndex, Duration),
    /// One of these actors, sorted.
    Party(AttributeIndex, Vec<ActorIndex>),
}

impl Test {
    pub(crate) fn new(filter: &Filter, subject: Subject, dates: &Dates<'_>) -> Test {
        let all = |filters: &[Filter]| {
            filters
                .iter()
                .map(|f| Test::new(f, subject, dates))
                .collect()
        };
        match filter {
            Filter::All => Test::All,
            Filter::And(filters) => Test::And(all(filters)),
            Filter::Or(filters) => Test::Or(all(filters)),
            Filter::Not(filter) => Test::Not(Box::new(Test::new(filter, subject, dates))),
            Filter::OneOf(attribute, values) => {
                let mut values: Vec<u32> = values.iter().map(|value| value.0).collect();
                values.sort_unstable();
                values.dedup();
                Test::OneOf(*attribute, values)
            }
            Filter::Compare(attribute, comparison, number) => {
                Test::Compare(*attribute, *comparison, *number)
            }
            Filter::Text(attribute, name) => Test::Word(*attribute, name.to_string()),
            Filter::InZone(attribute, zone) => {
                let zone = dates.agreement.zones.get(zone.index());
                let mut places: Vec<String> = zone
                    .map(|zone| zone.places.iter().map(|place| place.to_string()).collect())
                    .unwrap_or_default();
                places.sort();
                Test::Within(*attribute, places)
            }
            Filter::Date(attribute, comparison, of) => {
                Test::Date(*attribute, *comparison, dates.day(of, subject))
            }
            Filter::Aged(attribute, duration) => Test::Aged(*attribute, *duration),
            Filter::Party(attribute, holder) => {
                let mut actors = subject.holder(*holder).members(dates.agreement);
                actors.sort_unstable();
                Test::Party(*attribute, actors)
            }
        }
    }

    /// Whether the test depends on the day asked about.
    pub(crate) fn ages(&self) -> bool {
        match self {
            Test::And(tests) | Test::Or(tests) => tests.iter().any(Test::ages),
            Test::Not(test) => test.ages(),
            Test::Aged(..) => true,
            _ => false,
        }
    }

    /// The days on which the answer for a state may change.
    pub(crate) fn birthdays(&self, class: &ClassView, state: &[Code], days: &mut Vec<Day>) {
        match self {
            Test::And(tests) | Test::Or(tests) => {
                for test in tests {
                    test.birthdays(class, state, days);
                }
            }
            Test::Not(test) => test.birthdays(class, state, days),
            Test::Aged(attribute, duration) => {
                if let Some(Meaning::Date(date)) = meaning(class, state, *attribute) {
                    days.push(plus(*date, *duration));
                }
            }
            _ => {}
        }
    }

    /// Whether a thing in this state meets the test on a day.
    pub(crate) fn truth(&self, class: &ClassView, state: &[Code], day: Day) -> Truth {
        match self {
            Test::All => Truth::True,
            Test::And(tests) => tests.iter().fold(Truth::True, |truth, test| {
                truth.and(test.truth(class, state, day))
            }),
            Test::Or(tests) => tests.iter().fold(Truth::False, |truth, test| {
                truth.or(test.truth(class, state, day))
            }),
            Test::Not(test) => test.truth(class, state, day).not(),
            Test::OneOf(attribute, values) => {
                known(class, state, *attribute, |meaning| match meaning {
                    Meaning::Value(value) => Truth::from(values.binary_search(value).is_ok()),
                    _ => Truth::Unknown,
                })
            }
            Test::Compare(attribute, comparison, number) => {
                known(class, state, *attribute, |meaning| match meaning {
                    Meaning::Number(interval) => {
                        interval.compare(*comparison, &Interval::exact(*number))
                    }
                    _ => Truth::Unknown,
                })
            }
            Test::Word(attribute, word) => {
                known(class, state, *attribute, |meaning| match meaning {
                    Meaning::Word(own) => Truth::from(own == word),
                    _ => Truth::Unknown,
                })
            }
            Test::Within(attribute, places) => {
                known(class, state, *attribute, |meaning| match meaning {
                    Meaning::Word(place) => Truth::from(places.binary_search(place).is_ok()),
                    _ => Truth::Unknown,
                })
            }
            Test::Date(attribute, comparison, date) => {
                known(class, state, *attribute, |meaning| match (meaning, date) {
                    (Meaning::Date(own), Some(date)) => Truth::from(match comparison {
                        Comparison::Less => own < date,
                        Comparison::AtMost => own <= date,
                        Comparison::Equal => own == date,
                        Comparison::NotEqual => own != date,
                        Comparison::AtLeast => own >= date,
                        Comparison::Greater => own > date,
                    }),
                    _ => Truth::Unknown,
                })
            }
            Test::Aged(attribute, duration) => {
                known(class, state, *attribute, |meaning| match meaning {
                    Meaning::Date(date) => Truth::from(day >= plus(*date, *duration)),
                    _ => Truth::Unknown,
                })
            }
            Test::Party(attribute, actors) => {
                known(class, state, *attribute, |meaning| match meaning {
                    Meaning::Party(actor) => Truth::from(actors.binary_search(actor).is_ok()),
                    _ => Truth::Unknown,
                })
            }
        }
    }

    /// Whether everything that surely meets the test has this value: a one-of, text or place test for that
    /// value alone, among those joined by `and`.
    fn demands_value(&self, class: &ClassView, attribute: u32, code: Code) -> bool {
        match self {
            Test::And(tests) => tests
                .iter()
                .any(|test| test.demands_value(class, attribute, code)),
            Test::OneOf(own, values) => {
                own.0 == attribute
                    && matches!(
                        (values.as_slice(), class.dictionaries[own.index()].meaning(code)),
                        ([value], Some(Meaning::Value(demanded))) if value == demanded
                    )
            }
            Test::Word(own, word) => {
                own.0 == attribute
                    && matches!(
                        class.dictionaries[own.index()].meaning(code),
                        Some(Meaning::Word(demanded)) if word == demanded
                    )
            }
            _ => false,
        }
    }

    /// Whether all of these values are demanded (§4, anchors).
    pub(crate) fn demands(&self, class: &ClassView, values: &[(u32, Code)]) -> bool {
        values
            .iter()
            .all(|(attribute, code)| self.demands_value(class, *attribute, *code))
    }
}

fn meaning<'a>(
    class: &'a ClassView,
    state: &[Code],
    attribute: AttributeIndex,
) -> Option<&'a Meaning> {
    let code = state.get(attribute.index()).copied().unwrap_or(UNRECORDED);
    class.dictionaries.get(attribute.index())?.meaning(code)
}

/// Unknown where the attribute is not recorded.
fn known(
    class: &ClassView,
    state: &[Code],
    attribute: AttributeIndex,
    test: impl FnOnce(&Meaning) -> Truth,
) -> Truth {
    meaning(class, state, attribute).map_or(Truth::Unknown, test)
}

/// A number of a state, `[0, ∞)` where it is not recorded.
pub(crate) fn number(class: &ClassView, state: &[Code], attribute: AttributeIndex) -> Interval {
    match meaning(class, state, attribute) {
        Some(Meaning::Number(interval)) => *interval,
        _ => Interval::NON_NEGATIVE,
    }
}

/// Whether a state surely has these values: numbers only where they are exact.
pub(crate) fn surely_has(class: &ClassView, state: &[Code], values: &[(u32, Code)]) -> bool {
    values.iter().all(|(attribute, code)| {
        let own = state
            .get(*attribute as usize)
            .copied()
            .unwrap_or(UNRECORDED);
        own == *code
            && own != UNRECORDED
            && match class.dictionaries[*attribute as usize].meaning(own) {
                Some(Meaning::Number(interval)) => interval.is_exact().is_some(),
                Some(_) => true,
                None => false,
            }
    })
}
