//! What is known of a number on a day.

use crate::assessment::Basis;
use crate::track::Day;
use detente_quantity::Interval;

/// A value with what it rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cell {
    /// The bounds, in the base unit.
    pub(crate) value: Interval,
    /// What it rests on.
    pub(crate) basis: Basis,
    /// The earliest day of the figures and anchors it rests on.
    pub(crate) since: Option<Day>,
}

impl Cell {
    /// Nothing is known: `[0, ∞)`.
    pub(crate) const UNKNOWN: Cell = Cell::fixed(Interval::NON_NEGATIVE);

    /// Any number.
    pub(crate) const EVERYTHING: Cell = Cell::fixed(Interval::EVERYTHING);

    /// A constant.
    pub(crate) const fn fixed(value: Interval) -> Cell {
        Cell {
            value,
            basis: Basis::Nothing,
            since: None,
        }
    }

    /// A function of the value.
    pub(crate) fn map(&self, f: impl FnOnce(&Interval) -> Interval) -> Cell {
        Cell {
            value: f(&self.value),
            ..*self
        }
    }

    /// A function of two values; what the result rests on is the worst of both.
    pub(crate) fn with(
        &self,
        other: &Cell,
        f: impl FnOnce(&Interval, &Interval) -> Interval,
    ) -> Cell {
        Cell {
            value: f(&self.value, &other.value),
            basis: self.basis.max(other.basis),
            since: earliest(self.since, other.since),
        }
    }
}

/// The earlier of two days that may be absent.
pub(crate) fn earliest(a: Option<Day>, b: Option<Day>) -> Option<Day> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// Division as the definition has it: if the divisor may be 0 the result is everything.
pub(crate) fn divide(a: &Interval, b: &Interval) -> Interval {
    if b.contains(detente_quantity::Decimal::ZERO) {
        Interval::EVERYTHING
    } else {
        a.div(b)
    }
}
