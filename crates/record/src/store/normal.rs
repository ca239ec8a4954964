//! The normal form of an entry, in which it is kept and written.

use detente_quantity::{Decimal, Dimension, Interval, Name, Unit};

use crate::entry::{Entry, Statement, Value};

impl Entry {
    /// The entry in normal form: statements grouped by kind, values sorted by measure, attributes by name, numbers without
    /// trailing zeros, quantities and attributes from zero where they cannot be negative. Means the same; [`Record::entry`](super::Record::entry) gives entries so.
    #[must_use]
    pub fn normalise(mut self) -> Entry {
        sort_statements(&mut self.statements);
        for statement in &mut self.statements {
            match statement {
                Statement::Value { value, .. } => *value = plain(value),
                Statement::Lot {
                    attributes,
                    quantity,
                    ..
                } => {
                    *quantity = from_zero(&plain(quantity), None);
                    normalise(attributes);
                }
                Statement::Item { attributes, .. }
                | Statement::Complete { attributes, .. }
                | Statement::Event { attributes, .. } => normalise(attributes),
                Statement::Act { .. } | Statement::Concern { .. } => {}
            }
        }
        self
    }
}

/// By kind; values by measure and period, the others as written.
pub(super) fn sort_statements(statements: &mut [Statement]) {
    statements.sort_by(|left, right| match (left, right) {
        (
            Statement::Value { measure, over, .. },
            Statement::Value {
                measure: other_measure,
                over: other_over,
                ..
            },
        ) => (measure, over).cmp(&(other_measure, other_over)),
        _ => rank(left).cmp(&rank(right)),
    });
}

fn rank(statement: &Statement) -> u8 {
    match statement {
        Statement::Value { .. } => 0,
        Statement::Item { .. } => 1,
        Statement::Lot { .. } => 2,
        Statement::Complete { .. } => 3,
        Statement::Event { .. } => 4,
        Statement::Act { .. } => 5,
        Statement::Concern { .. } => 6,
    }
}

fn normalise(attributes: &mut [(Name, Value)]) {
    attributes.sort_by(|(left, _), (right, _)| left.cmp(right));
    for (_, value) in attributes {
        if let Value::Number(number, unit) = value {
            *number = from_zero(&plain(number), unit.as_ref());
        }
    }
}

/// A number without trailing zeros.
pub(super) fn plain(value: &Interval) -> Interval {
    let end = |end: Option<Decimal>| end.map(|end| end.normalize());
    Interval::new(end(value.lo()), end(value.hi())).unwrap_or(*value)
}

/// What is bounded from above only, and cannot be negative, begins at zero: a lot of `<= 300` is one of 0 to
/// 300.
pub(crate) fn from_zero(value: &Interval, unit: Option<&Unit>) -> Interval {
    match (value.lo(), value.hi()) {
        (None, hi) if !may_be_negative(unit) && hi.is_none_or(|hi| hi >= Decimal::ZERO) => {
            Interval::new(Some(Decimal::ZERO), hi).unwrap_or(*value)
        }
        _ => *value,
    }
}

/// Whether a number of this unit can be below zero: growth, degrees, money, clock times. A number without a
/// unit is a count, and cannot.
pub(super) fn may_be_negative(unit: Option<&Unit>) -> bool {
    unit.is_some_and(|unit| {
        matches!(
            unit.dimension(),
            Dimension::Share
                | Dimension::Angle
                | Dimension::Time
                | Dimension::Speed
                | Dimension::Force
                | Dimension::Currency { .. }
        )
    })
}

/// Whether a number reaches below zero and must not.
pub(crate) fn is_negative(value: &Interval, unit: Option<&Unit>) -> bool {
    let lowest = value.lo().or(value.hi());
    lowest.is_some_and(|lowest| lowest < Decimal::ZERO) && !may_be_negative(unit)
}
