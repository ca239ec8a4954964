//! Leaves in words: for contradictions and explanations.

use crate::leaves::spec::{Frame, Leaf, Reckoning};
use crate::test::Test;
use crate::track::date;
use detente_agreement::model::{AggregateKind, Agreement, AttributeIndex, AttributeKind, Class};
use detente_agreement::syntax::ast::Period;
use detente_quantity::{Comparison, Unit};

fn class_of<'a>(agreement: &'a Agreement, leaf: &Leaf) -> Option<&'a Class> {
    match leaf {
        Leaf::Items(leaf) => agreement.items.get(leaf.class.index()),
        Leaf::Events(leaf) => agreement.events.get(leaf.class.index()),
    }
}

fn reckoning(leaf: &Leaf) -> &Reckoning {
    match leaf {
        Leaf::Items(leaf) => &leaf.reckoning,
        Leaf::Events(leaf) => &leaf.reckoning,
    }
}

/// The unit in which a leaf is shown.
pub(crate) fn leaf_unit(agreement: &Agreement, leaf: &Leaf) -> Unit {
    let attribute = reckoning(leaf).attribute();
    let kind = attribute
        .and_then(|attribute| class_of(agreement, leaf)?.attributes.get(attribute.index()))
        .map(|attribute| &attribute.kind);
    match kind {
        Some(AttributeKind::Number(unit)) => unit.clone(),
        _ => Unit::COUNT,
    }
}

/// A leaf in words: `total warheads of missiles (status deployed)`.
pub(crate) fn describe_leaf(agreement: &Agreement, leaf: &Leaf) -> String {
    let Some(class) = class_of(agreement, leaf) else {
        return String::new();
    };
    let reckoning = reckoning(leaf);
    let attribute = |index: AttributeIndex| name_of(class, index);
    let what = match reckoning.kind {
        AggregateKind::Number => "number of".to_owned(),
        AggregateKind::Total(index) => format!("total {} of", attribute(index)),
        AggregateKind::Largest(index) => format!("largest {} of", attribute(index)),
        AggregateKind::Smallest(index) => format!("smallest {} of", attribute(index)),
    };
    let rank = match reckoning.rank {
        None => String::new(),
        Some(rank) => {
            let by = match rank.by {
                Some((index, falling)) => {
                    format!(
                        " by {} {}",
                        attribute(index),
                        if falling { "falling" } else { "rising" }
                    )
                }
                None => String::new(),
            };
            match rank.beyond {
                true => format!(" beyond the first {}{by}", rank.count),
                false => format!(", the first {}{by}", rank.count),
            }
        }
    };
    let test = match &reckoning.test {
        Test::All => String::new(),
        test => format!(" ({})", describe_test(agreement, class, test)),
    };
    let window = match leaf {
        Leaf::Items(_) => String::new(),
        Leaf::Events(leaf) => match leaf.window {
            Frame::Each(Period::TreatyYear, _) => " in each treaty year".to_owned(),
            Frame::Each(Period::CalendarYear, _) => " in each calendar year".to_owned(),
            Frame::Each(Period::CalendarMonth, _) => " in each calendar month".to_owned(),
            Frame::Any(duration) => format!(" in any {duration}"),
            Frame::Since(Some(day)) => format!(" since {}", date(day)),
            Frame::Since(None) => " since a date that is not known".to_owned(),
            Frame::Ever => String::new(),
        },
    };
    format!("{what} {}{test}{rank}{window}", class.plural)
}

fn name_of(class: &Class, index: AttributeIndex) -> String {
    class
        .attributes
        .get(index.index())
        .map(|attribute| attribute.name.to_string())
        .unwrap_or_default()
}

/// A test in words.
pub(crate) fn describe_test(agreement: &Agreement, class: &Class, test: &Test) -> String {
    let join = |tests: &[Test], word: &str| {
        let all: Vec<String> = tests
            .iter()
            .map(|test| match test {
                Test::And(_) | Test::Or(_) => {
                    format!("({})", describe_test(agreement, class, test))
                }
                _ => describe_test(agreement, class, test),
            })
            .collect();
        all.join(word)
    };
    match test {
        Test::All => "all".to_owned(),
        Test::And(tests) => join(tests, " and "),
        Test::Or(tests) => join(tests, " or "),
        Test::Not(test) => format!("not ({})", describe_test(agreement, class, test)),
        Test::OneOf(index, values) => {
            let names: Vec<String> = values
                .iter()
                .map(|value| {
                    match class
                        .attributes
                        .get(index.index())
                        .map(|attribute| &attribute.kind)
                    {
                        Some(AttributeKind::OneOf(names)) => names
                            .get(*value as usize)
                            .map(|name| name.to_string())
                            .unwrap_or_default(),
                        _ => if *value == 0 { "yes" } else { "no" }.to_owned(),
                    }
                })
                .collect();
            format!("{} {}", name_of(class, *index), names.join(" or "))
        }
        Test::Compare(index, comparison, number) => {
            let unit = match class
                .attributes
                .get(index.index())
                .map(|attribute| &attribute.kind)
            {
                Some(AttributeKind::Number(unit)) => unit.clone(),
                _ => Unit::COUNT,
            };
            let number = crate::unit::shown(&detente_quantity::Interval::exact(*number), &unit);
            let unit = if unit == Unit::COUNT {
                String::new()
            } else {
                format!(" {unit}")
            };
            format!(
                "{} {} {number}{unit}",
                name_of(class, *index),
                comparison.words()
            )
        }
        Test::Word(index, word) => format!("{} {word}", name_of(class, *index)),
        Test::Within(index, places) => {
            let zone = agreement.zones.iter().find(|zone| {
                let mut own: Vec<String> =
                    zone.places.iter().map(|place| place.to_string()).collect();
                own.sort();
                own == *places
            });
            match zone {
                Some(zone) => format!("{} in {}", name_of(class, *index), zone.name),
                None => format!("{} one of {}", name_of(class, *index), places.join(", ")),
            }
        }
        Test::Date(index, comparison, day) => {
            let word = match comparison {
                Comparison::Less => "before",
                Comparison::AtMost => "by",
                Comparison::Greater => "after",
                Comparison::AtLeast => "from",
                Comparison::Equal => "on",
                Comparison::NotEqual => "not on",
            };
            match day {
                Some(day) => format!("{} {word} {}", name_of(class, *index), date(*day)),
                None => format!("{} {word} a date that is not known", name_of(class, *index)),
            }
        }
        Test::Aged(index, duration) => {
            format!("{} at least {duration} ago", name_of(class, *index))
        }
        Test::Party(index, actors) => {
            let names: Vec<String> = actors
                .iter()
                .filter_map(|actor| Some(agreement.actors.get(actor.index())?.name.to_string()))
                .collect();
            format!("{} {}", name_of(class, *index), names.join(" or "))
        }
    }
}
