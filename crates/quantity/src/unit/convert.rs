//! Conversion between units.

use super::Unit;
use crate::{Decimal, Interval};

/// Why one unit does not convert to another.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConversionError {
    /// They measure different things.
    #[error(
        "\"{from}\" measures {from_dimension}, \"{to}\" measures {to_dimension}: they do not convert"
    )]
    Dimension {
        /// The unit given.
        from: String,
        /// What it measures.
        from_dimension: super::Dimension,
        /// The unit wanted.
        to: String,
        /// What it measures.
        to_dimension: super::Dimension,
    },
    /// Both are masses, but how much of the one is in the other is not known.
    #[error(
        "how much of \"{to}\" is in \"{from}\" is not known; state both figures in one substance"
    )]
    Substance {
        /// The unit given.
        from: String,
        /// The unit wanted.
        to: String,
    },
}

impl Unit {
    /// A value of this unit in the base unit of its dimension (of the same substance): 3 t is 3000 kg.
    ///
    /// Exact whenever the result is a decimal. The few factors that are not decimals (seconds and
    /// minutes in hours, km/h and knots in m/s) cut the result, toward zero, after as many digits as a
    /// decimal holds (28); [`Unit::convert`] gives bounds instead. `None` when the result is too large for a decimal.
    #[must_use]
    pub fn to_base(&self, value: Decimal) -> Option<Decimal> {
        cut(&self.lift_to_base(&Interval::exact(value)))
    }

    /// A value of the base unit in this unit; the inverse of [`Unit::to_base`], with the same rounding.
    #[must_use]
    pub fn from_base(&self, value: Decimal) -> Option<Decimal> {
        cut(&self.lift_from_base(&Interval::exact(value)))
    }

    /// Whether [`Unit::convert`] knows a way from this unit to the other.
    #[must_use]
    pub fn convertible_to(&self, other: &Unit) -> bool {
        self.convert(&Interval::ZERO, other).is_ok()
    }

    /// A value of this unit in another one, with bounds that hold: exact where the result is a decimal,
    /// else rounded outward.
    ///
    /// A mass of a compound converts to the mass of its element and back, as an interval: see
    /// [`crate::Substance::element`].
    ///
    /// # Errors
    /// When the two units measure different things.
    pub fn convert(&self, value: &Interval, to: &Unit) -> Result<Interval, ConversionError> {
        if self.dimension != to.dimension {
            return Err(ConversionError::Dimension {
                from: self.to_string(),
                from_dimension: self.dimension,
                to: to.to_string(),
                to_dimension: to.dimension,
            });
        }
        if self.substance == to.substance {
            // One fraction for both factors: exact wherever the result is a decimal, even if the value in
            // the base unit is not one.
            let (numerator, denominator) = self.factor();
            let (to_numerator, to_denominator) = to.factor();
            return Ok(fraction(
                value,
                (numerator, to_denominator),
                (denominator, to_numerator),
            ));
        }
        let other_substance = || ConversionError::Substance {
            from: self.to_string(),
            to: to.to_string(),
        };
        let (Some(from), Some(into)) = (&self.substance, &to.substance) else {
            return Err(other_substance());
        };
        let base = from
            .convert_mass(&self.lift_to_base(value), into)
            .ok_or_else(other_substance)?;
        Ok(to.lift_from_base(&base))
    }

    fn lift_to_base(&self, value: &Interval) -> Interval {
        let (numerator, denominator) = self.factor();
        fraction(
            value,
            (numerator, Decimal::ONE),
            (denominator, Decimal::ONE),
        )
    }

    fn lift_from_base(&self, value: &Interval) -> Interval {
        let (numerator, denominator) = self.factor();
        fraction(
            value,
            (denominator, Decimal::ONE),
            (numerator, Decimal::ONE),
        )
    }

    fn factor(&self) -> (Decimal, Decimal) {
        let multiplier = self.multiplier.map_or(1, |multiplier| multiplier.factor);
        (
            // At most 10^12 times a currency's 1.
            self.definition.numerator() * Decimal::from(multiplier),
            self.definition.denominator(),
        )
    }
}

/// The value times one product and divided by another. The products are those of two factors in the
/// table, small enough to be exact (tested).
fn fraction(value: &Interval, times: (Decimal, Decimal), over: (Decimal, Decimal)) -> Interval {
    let product = |(a, b): (Decimal, Decimal)| Interval::exact(a).scale(b);
    let (times, over) = (product(times), product(over));
    if times == over {
        return *value;
    }
    value.mul(&times).div(&over)
}

/// Of the two neighbouring decimals that bound a value, the one nearer to zero.
fn cut(interval: &Interval) -> Option<Decimal> {
    let (lo, hi) = (interval.lo()?, interval.hi()?);
    Some(if lo.is_sign_negative() { hi } else { lo })
}
