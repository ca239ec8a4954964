//! A number with its unit.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Unit;
use crate::{Decimal, decimal};

/// An exact number of some unit, as written: `202.8 kg of uranium`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// How many of the unit.
    #[serde(with = "decimal")]
    pub value: Decimal,
    /// The unit.
    pub unit: Unit,
}

impl Quantity {
    /// So many of a unit.
    #[must_use]
    pub fn new(value: impl Into<Decimal>, unit: Unit) -> Quantity {
        Quantity {
            value: value.into(),
            unit,
        }
    }

    /// The value in the dimension's base unit ([`Unit::to_base`]).
    #[must_use]
    pub fn to_base(&self) -> Option<Decimal> {
        self.unit.to_base(self.value)
    }
}

impl fmt::Display for Quantity {
    /// `202.8 kg of uranium`, `3.67 %`, `USD 2020` amounts as `5 million USD 2020`; a count is only its
    /// number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value.normalize();
        if self.unit == Unit::COUNT {
            write!(f, "{value}")
        } else {
            write!(f, "{value} {}", self.unit)
        }
    }
}
