//! Random expressions, selections, filters and conditions.

use detente_agreement::model::{
    Aggregate, AggregateKind, Agreement, AttributeIndex, ClassIndex, Condition, EventIndex, Expr,
    Filter, GroupIndex, Holder, ItemIndex, MeasureIndex, ProvisionIndex, Rank, Rule, Selector,
    ValueIndex, Window, ZoneIndex,
};
use detente_agreement::syntax::ast::Operator;
use detente_quantity::{Comparison, Decimal, Unit};

use super::Choices;
use super::agreement::{ACTIVE, BUILT, KIND, MARK, OWNER, SITE, SIZE, WEIGHT, actor, name};
use super::dates::{Calendar, date_of, duration, period};

/// What an expression measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Count,
    Mass,
    Share,
}

impl Sort {
    pub(super) fn unit(self) -> Unit {
        match self {
            Sort::Count => Unit::COUNT,
            Sort::Mass => Unit::KILOGRAM,
            Sort::Share => Unit::PERCENT,
        }
    }
}

/// A small constant.
pub(super) fn number(choices: &mut Choices, sort: Sort) -> Expr {
    Expr::Number(Decimal::from(match sort {
        Sort::Count | Sort::Mass => choices.below(7),
        Sort::Share => 25 * choices.below(6),
    }))
}

pub(super) fn expression(
    choices: &mut Choices,
    calendar: &Calendar,
    agreement: &Agreement,
    sort: Sort,
    depth: u32,
) -> Expr {
    if sort == Sort::Share {
        let of = |choices: &mut Choices| {
            expression(
                choices,
                calendar,
                agreement,
                Sort::Count,
                depth.saturating_sub(1),
            )
        };
        return match choices.below(2) {
            0 => Expr::Share(Box::new(of(choices)), Box::new(of(choices))),
            _ => {
                let value = of(choices);
                Expr::Growth(Box::new(value), duration(choices))
            }
        };
    }
    let leaf = depth == 0 || choices.weighted(&[5, 4]) == 0;
    if leaf {
        let measures: Vec<u32> = (0..agreement.measures.len() as u32)
            .filter(|index| agreement.measures[*index as usize].unit == sort.unit())
            .collect();
        if !measures.is_empty() && choices.one_in(2) {
            let index = *choices.one_of(&measures);
            let holder = measure_holder(choices, agreement);
            return Expr::Measure(MeasureIndex(index), holder);
        }
        return Expr::Aggregate(Box::new(aggregate(choices, calendar, agreement, sort)));
    }
    let inner =
        |choices: &mut Choices| Box::new(expression(choices, calendar, agreement, sort, depth - 1));
    match choices.weighted(&[5, 2, 2, 1, 2, 1]) {
        0 => {
            let operator = *choices.one_of(&[Operator::Add, Operator::Subtract]);
            Expr::Binary(operator, inner(choices), inner(choices))
        }
        1 => {
            let factor = Box::new(Expr::Number(Decimal::from(choices.between(1, 3))));
            match choices.below(2) {
                0 => Expr::Binary(Operator::Multiply, factor, inner(choices)),
                _ => Expr::Binary(Operator::Divide, inner(choices), factor),
            }
        }
        2 => match choices.below(2) {
            0 => Expr::Smaller(inner(choices), inner(choices)),
            _ => Expr::Larger(inner(choices), inner(choices)),
        },
        3 => {
            let up = choices.one_in(2);
            let of = inner(choices);
            Expr::Round(up, of, Decimal::from(choices.between(1, 3)))
        }
        4 => {
            let of = inner(choices);
            Expr::On(of, date_of(choices, calendar, agreement.dates.len()))
        }
        _ => {
            let limits: Vec<u32> = (0..agreement.provisions.len() as u32)
                .filter(|index| {
                    matches!(&agreement.provisions[*index as usize].rule, Rule::Limit(clauses)
                        if clauses.iter().all(|clause| clause.unit == sort.unit()))
                })
                .collect();
            if limits.is_empty() {
                number(choices, sort)
            } else {
                Expr::LimitIn(ProvisionIndex(*choices.one_of(&limits)))
            }
        }
    }
}

fn measure_holder(choices: &mut Choices, agreement: &Agreement) -> Holder {
    match choices.weighted(&[8, 1, 1]) {
        0 => Holder::Subject,
        1 => Holder::Actor(actor(choices, agreement)),
        _ if agreement.groups.is_empty() => Holder::Subject,
        _ => Holder::Group(GroupIndex(0)),
    }
}

fn aggregate(
    choices: &mut Choices,
    calendar: &Calendar,
    agreement: &Agreement,
    sort: Sort,
) -> Aggregate {
    let attribute = AttributeIndex(match sort {
        Sort::Mass => WEIGHT,
        Sort::Count | Sort::Share => SIZE,
    });
    let weights = if sort == Sort::Mass {
        [0, 4, 2, 2]
    } else {
        [6, 2, 1, 1]
    };
    let kind = match choices.weighted(&weights) {
        0 => AggregateKind::Number,
        1 => AggregateKind::Total(attribute),
        2 => AggregateKind::Largest(attribute),
        _ => AggregateKind::Smallest(attribute),
    };
    let mut of = selector(choices, calendar, agreement, None);
    if matches!(kind, AggregateKind::Number | AggregateKind::Total(_)) {
        of.rank = choices.maybe(4, |choices| Rank {
            count: u64::from(choices.between(1, 3)),
            beyond: choices.one_in(2),
            by: choices.maybe(2, |choices| {
                (
                    AttributeIndex(*choices.one_of(&[SIZE, WEIGHT, BUILT])),
                    choices.one_in(2),
                )
            }),
        });
    }
    let window = match of.class {
        ClassIndex::Item(_) => None,
        ClassIndex::Event(_) => Some(match choices.weighted(&[4, 3, 2, 1]) {
            0 => Window::Each(period(choices)),
            1 => Window::Any(duration(choices)),
            2 => Window::Since(date_of(choices, calendar, agreement.dates.len())),
            _ => Window::Ever,
        }),
    };
    Aggregate { kind, of, window }
}

/// A selection of items (true), events (false) or either.
pub(super) fn selector(
    choices: &mut Choices,
    calendar: &Calendar,
    agreement: &Agreement,
    items: Option<bool>,
) -> Selector {
    let item = items.unwrap_or_else(|| choices.weighted(&[3, 2]) == 0);
    let class = if item {
        ClassIndex::Item(ItemIndex(choices.below(agreement.items.len() as u32)))
    } else {
        ClassIndex::Event(EventIndex(choices.below(agreement.events.len() as u32)))
    };
    let (by, toward) = if item {
        (
            match choices.weighted(&[8, 1]) {
                0 => Holder::Subject,
                _ => Holder::Actor(actor(choices, agreement)),
            },
            None,
        )
    } else {
        match choices.weighted(&[8, 2, 1, 1]) {
            0 => (Holder::Subject, None),
            1 => (Holder::Any, Some(Holder::Subject)),
            2 => (Holder::Actor(actor(choices, agreement)), None),
            _ => (Holder::Others, None),
        }
    };
    Selector {
        class,
        by,
        toward,
        filter: match choices.weighted(&[4, 4, 1]) {
            0 => Filter::All,
            1 => test(choices, calendar, agreement),
            _ => filter(choices, calendar, agreement, 1),
        },
        rank: None,
    }
}

fn filter(choices: &mut Choices, calendar: &Calendar, agreement: &Agreement, depth: u32) -> Filter {
    if depth == 0 {
        return test(choices, calendar, agreement);
    }
    let inner = |choices: &mut Choices| filter(choices, calendar, agreement, depth - 1);
    match choices.below(3) {
        0 => Filter::And(vec![inner(choices), inner(choices)]),
        1 => Filter::Or(vec![inner(choices), inner(choices)]),
        _ => Filter::Not(Box::new(inner(choices))),
    }
}

fn test(choices: &mut Choices, calendar: &Calendar, agreement: &Agreement) -> Filter {
    match choices.weighted(&[8, 3, 2, 2, 2, 2, 2, 1]) {
        0 => {
            let first = choices.below(3);
            let mut values = vec![ValueIndex(first)];
            if choices.one_in(4) {
                values.push(ValueIndex((first + 1) % 3));
                values.sort();
            }
            Filter::OneOf(AttributeIndex(KIND), values)
        }
        1 => Filter::Compare(
            AttributeIndex(*choices.one_of(&[SIZE, WEIGHT])),
            comparison(choices),
            Decimal::from(choices.below(5)),
        ),
        2 => Filter::Text(AttributeIndex(SITE), place(choices)),
        3 => match agreement.zones.len() as u32 {
            0 => Filter::Text(AttributeIndex(MARK), name("first")),
            zones => Filter::InZone(AttributeIndex(SITE), ZoneIndex(choices.below(zones))),
        },
        4 => {
            let comparison = *choices.one_of(&[Comparison::Less, Comparison::Greater]);
            Filter::Date(
                AttributeIndex(BUILT),
                comparison,
                date_of(choices, calendar, agreement.dates.len()),
            )
        }
        5 => Filter::Aged(AttributeIndex(BUILT), duration(choices)),
        6 => Filter::Party(
            AttributeIndex(OWNER),
            match choices.below(2) {
                0 => Holder::Subject,
                _ => Holder::Actor(actor(choices, agreement)),
            },
        ),
        _ => Filter::OneOf(AttributeIndex(ACTIVE), vec![ValueIndex(0)]),
    }
}

/// A place, of which zones have some.
pub fn place(choices: &mut Choices) -> detente_quantity::Name {
    name(*choices.one_of(&["Aken", "Bern", "Cadiz", "Delft"]))
}

fn comparison(choices: &mut Choices) -> Comparison {
    *choices.one_of(&[
        Comparison::AtMost,
        Comparison::AtLeast,
        Comparison::Less,
        Comparison::Greater,
        Comparison::Equal,
    ])
}

pub(super) fn condition(
    choices: &mut Choices,
    calendar: &Calendar,
    agreement: &Agreement,
    depth: u32,
) -> Condition {
    if depth == 0 || choices.weighted(&[3, 1]) == 0 {
        let sort = *choices.one_of(&[Sort::Count, Sort::Mass]);
        return Condition::Compare(
            expression(choices, calendar, agreement, sort, 1),
            comparison(choices),
            number(choices, sort),
        );
    }
    let inner = |choices: &mut Choices| condition(choices, calendar, agreement, depth - 1);
    match choices.below(3) {
        0 => Condition::And(vec![inner(choices), inner(choices)]),
        1 => Condition::Or(vec![inner(choices), inner(choices)]),
        _ => Condition::Not(Box::new(inner(choices))),
    }
}
