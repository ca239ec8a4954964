//! What an expression can be, whatever the record says.

use crate::model::{AggregateKind, Agreement, AttributeKind, Expr};
use crate::syntax::ast::Operator;
use detente_quantity::{Decimal, Dimension, Interval};

/// The range of each measure.
pub(super) fn of_measures(agreement: &Agreement) -> Vec<Interval> {
    let mut ranges = Vec::with_capacity(agreement.measures.len());
    for measure in &agreement.measures {
        let range = match &measure.formula {
            // Counts and quantities are never below nothing.
            None => Interval::NON_NEGATIVE,
            Some(formula) => of(formula, agreement, &ranges),
        };
        ranges.push(range);
    }
    ranges
}

/// The range of an expression.
pub(super) fn of(expr: &Expr, agreement: &Agreement, measures: &[Interval]) -> Interval {
    let range = |expr: &Expr| of(expr, agreement, measures);
    match expr {
        Expr::Number(value) => Interval::exact(*value),
        Expr::Measure(index, _) => super::measure_range(measures, *index),
        Expr::Aggregate(aggregate) => match aggregate.kind {
            AggregateKind::Number => match &aggregate.of.rank {
                Some(rank) if !rank.beyond => {
                    Interval::between(Decimal::ZERO, Decimal::from(rank.count))
                }
                _ => Interval::NON_NEGATIVE,
            },
            AggregateKind::Largest(at) => {
                let class = super::contradiction::class_of(agreement, aggregate.of.class);
                match class
                    .and_then(|class| class.attributes.get(at.index()))
                    .map(|attribute| &attribute.kind)
                {
                    Some(AttributeKind::Number(unit)) if unit.dimension() == Dimension::Share => {
                        Interval::between(Decimal::ZERO, Decimal::ONE_HUNDRED)
                    }
                    _ => Interval::NON_NEGATIVE,
                }
            }
            AggregateKind::Total(_) | AggregateKind::Smallest(_) => Interval::NON_NEGATIVE,
        },
        Expr::Share(part, whole) => {
            let sure = |range: Interval| range.lo().is_some_and(|lo| lo >= Decimal::ZERO);
            if sure(range(part)) && sure(range(whole)) {
                Interval::NON_NEGATIVE
            } else {
                Interval::EVERYTHING
            }
        }
        // What is not below nothing cannot shrink by more than all of it.
        Expr::Growth(value, _) => match range(value).lo() {
            Some(lo) if lo >= Decimal::ZERO => Interval::at_least(-Decimal::ONE_HUNDRED),
            _ => Interval::EVERYTHING,
        },
        Expr::On(value, _) => range(value),
        Expr::Binary(operator, left, right) => {
            let (left, right) = (range(left), range(right));
            match operator {
                Operator::Add => left.add(&right),
                Operator::Subtract => left.sub(&right),
                Operator::Multiply => left.mul(&right),
                Operator::Divide => left.div(&right),
            }
        }
        Expr::Smaller(left, right) => range(left).min(&range(right)),
        Expr::Larger(left, right) => range(left).max(&range(right)),
        Expr::Round(up, value, multiple) => {
            if *up {
                range(value).round_up(*multiple)
            } else {
                range(value).round_down(*multiple)
            }
        }
        Expr::LimitIn(_) => Interval::EVERYTHING,
        Expr::Bracket(_, alternatives) => alternatives
            .iter()
            .map(|alternative| {
                alternative
                    .value
                    .as_ref()
                    .map_or(Interval::EVERYTHING, range)
            })
            .reduce(|one, other| one.hull(&other))
            .unwrap_or(Interval::EVERYTHING),
    }
}
