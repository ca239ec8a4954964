//! The normal form of an entry, in which it is kept and written.

use detente_quantity::{Decimal, Interval, Name};

use crate::entry::{Entry, Statement, Value};

impl Entry {
    /// The entry in normal form: statements grouped by kind, attributes sorted by name, numbers without
    /// trailing zeros. Means the same; [`Record::entry`](super::Record::entry) gives entries so.
    #[must_use]
    pub fn normalise(mut self) -> Entry {
        self.statements.sort_by_key(rank);
        for statement in &mut self.statements {
            match statement {
                Statement::Value { value, .. } => *value = plain(value),
                Statement::Lot {
                    attributes,
                    quantity,
                    ..
                } => {
                    *quantity = plain(quantity);
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
        if let Value::Number(number, _) = value {
            *number = plain(number);
        }
    }
}

fn plain(value: &Interval) -> Interval {
    let end = |end: Option<Decimal>| end.map(|end| end.normalize());
    Interval::new(end(value.lo()), end(value.hi())).unwrap_or(*value)
}
