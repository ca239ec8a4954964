//! Values as shown: from base units to the unit of the rule.

use detente_quantity::{Interval, Unit};

/// A value of the base unit in the unit in which it is shown, rounded outward where it is not a decimal.
pub(crate) fn shown(value: &Interval, unit: &Unit) -> Interval {
    // The two measure the same thing, so the conversion does not fail.
    unit.base().convert(value, unit).unwrap_or(*value)
}
