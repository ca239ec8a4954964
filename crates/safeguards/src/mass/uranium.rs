//! Uranium with its U-235, in grams, to the last digit.

use rust_decimal::{Decimal, RoundingStrategy};
use thiserror::Error;

use super::exact;

/// Why an amount of uranium or a calculation with it was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UraniumError {
    /// A mass below zero.
    #[error("{what} is {value} g: a mass cannot be negative")]
    NegativeMass {
        /// Which mass.
        what: &'static str,
        /// The mass in grams.
        value: Decimal,
    },
    /// More isotope than element.
    #[error(
        "{isotope} g of U-235 in {element} g of uranium: the isotope cannot be heavier than the element"
    )]
    IsotopeHeavierThanElement {
        /// U-235 in grams.
        isotope: Decimal,
        /// Uranium in grams.
        element: Decimal,
    },
    /// An enrichment outside 0 to 1.
    #[error(
        "the {what} enrichment is {value}: state a mass fraction from 0 to 1 (0.0367 for 3.67 %)"
    )]
    BadEnrichment {
        /// Which enrichment.
        what: &'static str,
        /// The value.
        value: Decimal,
    },
    /// No uranium to speak of an enrichment of.
    #[error("there is no uranium: an enrichment has no meaning")]
    Empty,
    /// A split of more than there is.
    #[error("{asked} g were to be taken out of {held} g")]
    MoreThanHeld {
        /// Grams asked for.
        asked: Decimal,
        /// Grams held.
        held: Decimal,
    },
    /// Blending cannot reach the target.
    #[error("a stock at {stock} blended with {blendstock} cannot reach {target}: {hint}")]
    UnreachableTarget {
        /// Enrichment of the stock (rounded to 28 digits).
        stock: Decimal,
        /// Enrichment of the blendstock.
        blendstock: Decimal,
        /// Target enrichment.
        target: Decimal,
        /// What to do.
        hint: &'static str,
    },
    /// A step of zero or less to round to.
    #[error("the smallest mass to weigh is {step} g: state a mass above 0")]
    BadStep {
        /// The step in grams.
        step: Decimal,
    },
    /// A result with more digits than can be held without rounding.
    #[error(
        "the exact result needs more than 28 digits: state masses and enrichments with fewer decimals"
    )]
    TooManyDigits,
}

/// An amount of uranium: the element and the U-235 in it, both in grams and both exact. The isotope is never heavier than
/// the element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Uranium {
    element: Decimal,
    u235: Decimal,
}

impl Uranium {
    /// No uranium.
    pub const NONE: Self = Self {
        element: Decimal::ZERO,
        u235: Decimal::ZERO,
    };

    /// An amount by the masses of element and isotope, in grams.
    ///
    /// # Errors
    /// [`UraniumError`] when a mass is negative or the isotope heavier than the element.
    pub fn new(element: Decimal, u235: Decimal) -> Result<Self, UraniumError> {
        for (what, value) in [
            ("the element weight", element),
            ("the isotope weight", u235),
        ] {
            if value < Decimal::ZERO {
                return Err(UraniumError::NegativeMass { what, value });
            }
        }
        if u235 > element {
            return Err(UraniumError::IsotopeHeavierThanElement {
                isotope: u235,
                element,
            });
        }
        Ok(Self { element, u235 })
    }

    /// An amount by its mass in grams and its enrichment, a mass fraction of U-235.
    ///
    /// # Errors
    /// [`UraniumError`] when the mass is negative, the enrichment outside 0 to 1, or the product needs too many digits.
    pub fn enriched(element: Decimal, enrichment: Decimal) -> Result<Self, UraniumError> {
        check_enrichment("stated", enrichment)?;
        Self::new(
            element,
            exact::multiply(element, enrichment).ok_or(UraniumError::TooManyDigits)?,
        )
    }

    /// Grams of uranium.
    #[must_use]
    pub fn element(&self) -> Decimal {
        self.element
    }

    /// Grams of U-235.
    #[must_use]
    pub fn u235(&self) -> Decimal {
        self.u235
    }

    /// Mass fraction of U-235, rounded to the 28 digits a decimal holds; `None` without uranium.
    #[must_use]
    pub fn enrichment(&self) -> Option<Decimal> {
        self.u235.checked_div(self.element)
    }

    /// Whether the enrichment is at most `limit`, decided without division.
    ///
    /// # Errors
    /// [`UraniumError::TooManyDigits`] when the product cannot be formed exactly.
    pub fn is_at_most(&self, limit: Decimal) -> Result<bool, UraniumError> {
        Ok(self.u235 <= exact::multiply(self.element, limit).ok_or(UraniumError::TooManyDigits)?)
    }

    /// Both amounts together, exactly.
    ///
    /// # Errors
    /// [`UraniumError::TooManyDigits`].
    pub fn plus(&self, other: &Self) -> Result<Self, UraniumError> {
        let add = |a, b| exact::add(a, b).ok_or(UraniumError::TooManyDigits);
        Self::new(
            add(self.element, other.element)?,
            add(self.u235, other.u235)?,
        )
    }

    /// What is left when `other` is taken away, exactly.
    ///
    /// # Errors
    /// [`UraniumError`] when `other` holds more of either or the rest is not an amount of uranium.
    pub fn minus(&self, other: &Self) -> Result<Self, UraniumError> {
        if other.element > self.element {
            return Err(UraniumError::MoreThanHeld {
                asked: other.element,
                held: self.element,
            });
        }
        let subtract = |a, b| exact::subtract(a, b).ok_or(UraniumError::TooManyDigits);
        Self::new(
            subtract(self.element, other.element)?,
            subtract(self.u235, other.u235)?,
        )
    }

    /// The sum of several amounts, exactly.
    ///
    /// # Errors
    /// [`UraniumError::TooManyDigits`].
    pub fn sum<'a>(amounts: impl IntoIterator<Item = &'a Self>) -> Result<Self, UraniumError> {
        amounts
            .into_iter()
            .try_fold(Self::NONE, |sum, amount| sum.plus(amount))
    }

    /// Takes `grams` of uranium out of a homogeneous amount. Its U-235 is the proportional share rounded to a multiple of
    /// `step` grams, and what is left is the exact difference, so that nothing is lost or made.
    ///
    /// # Errors
    /// [`UraniumError`] when more is asked than there is or the step is not above 0.
    pub fn split(&self, grams: Decimal, step: Decimal) -> Result<Split, UraniumError> {
        if grams < Decimal::ZERO {
            return Err(UraniumError::NegativeMass {
                what: "the mass to take",
                value: grams,
            });
        }
        if grams > self.element {
            return Err(UraniumError::MoreThanHeld {
                asked: grams,
                held: self.element,
            });
        }
        let taken = if grams == self.element {
            *self
        } else {
            let rest = exact::subtract(self.element, grams).ok_or(UraniumError::TooManyDigits)?;
            let share = self
                .enrichment()
                .and_then(|enrichment| grams.checked_mul(enrichment))
                .ok_or(UraniumError::TooManyDigits)?;
            let rounded = round_to(share, step, RoundingStrategy::MidpointNearestEven)?;
            // Neither part may come out with more isotope than element, nor the rest with less than none of it.
            let least = (self.u235 - rest).max(Decimal::ZERO);
            Self::new(grams, rounded.clamp(least, grams.min(self.u235)))?
        };
        Ok(Split {
            taken,
            left: self.minus(&taken)?,
        })
    }
}

/// An amount divided in two; the parts add up to it exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split {
    /// The part taken.
    pub taken: Uranium,
    /// The rest.
    pub left: Uranium,
}

pub(crate) fn check_enrichment(what: &'static str, value: Decimal) -> Result<(), UraniumError> {
    if value < Decimal::ZERO || value > Decimal::ONE {
        return Err(UraniumError::BadEnrichment { what, value });
    }
    Ok(())
}

/// The multiple of `step` next to `value`.
pub(crate) fn round_to(
    value: Decimal,
    step: Decimal,
    strategy: RoundingStrategy,
) -> Result<Decimal, UraniumError> {
    if step <= Decimal::ZERO {
        return Err(UraniumError::BadStep { step });
    }
    let count = value
        .checked_div(step)
        .ok_or(UraniumError::TooManyDigits)?
        .round_dp_with_strategy(0, strategy);
    exact::multiply(count, step).ok_or(UraniumError::TooManyDigits)
}
