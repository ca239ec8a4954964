//! Arithmetic on intervals: every operation holds for all numbers inside at once.

use super::rounding::{self, Toward};
use super::{Interval, both};
use crate::Decimal;

impl Interval {
    /// The sum.
    #[must_use]
    pub fn add(&self, other: &Interval) -> Interval {
        Interval {
            lo: both(self.lo, other.lo, |a, b| rounding::add(a, b, Toward::Below)).flatten(),
            hi: both(self.hi, other.hi, |a, b| rounding::add(a, b, Toward::Above)).flatten(),
        }
    }

    /// The difference. The two are taken as independent: an interval minus itself is exactly 0 only when
    /// the interval is exact.
    #[must_use]
    pub fn sub(&self, other: &Interval) -> Interval {
        Interval {
            lo: both(self.lo, other.hi, |a, b| rounding::sub(a, b, Toward::Below)).flatten(),
            hi: both(self.hi, other.lo, |a, b| rounding::sub(a, b, Toward::Above)).flatten(),
        }
    }

    /// The product.
    #[must_use]
    pub fn mul(&self, other: &Interval) -> Interval {
        let (lo, hi) = (End::lo(self), End::hi(self));
        let (other_lo, other_hi) = (End::lo(other), End::hi(other));
        if lo.sign() >= 0 && other_lo.sign() >= 0 {
            return Interval {
                lo: lo.times(other_lo, Toward::Below).finite(),
                hi: hi.times(other_hi, Toward::Above).finite(),
            };
        }
        // The product is linear in each factor, so its extremes lie at the corners.
        let corners = [
            (lo, other_lo),
            (lo, other_hi),
            (hi, other_lo),
            (hi, other_hi),
        ];
        let below = corners.map(|(a, b)| a.times(b, Toward::Below));
        let above = corners.map(|(a, b)| a.times(b, Toward::Above));
        Interval {
            lo: below.into_iter().min().and_then(End::finite),
            hi: above.into_iter().max().and_then(End::finite),
        }
    }

    /// The quotient.
    ///
    /// * If the divisor cannot be zero, the range of all quotients, rounded outward where a quotient is
    ///   not a decimal.
    /// * If the divisor may be zero but its sign is known (`[0, 5]`, `[0, ∞)`), the range of the
    ///   quotients by all its numbers *other than zero*: `[10, 20] / [0, 5]` is `[2, ∞)`.
    /// * If the divisor may have either sign, or is exactly zero, nothing is known: [`Interval::EVERYTHING`].
    ///   (Exactly 0 divided by anything but an exact zero is 0.)
    #[must_use]
    pub fn div(&self, other: &Interval) -> Interval {
        let zero = Decimal::ZERO;
        let positive = other.lo.is_some_and(|lo| lo >= zero);
        let negative = other.hi.is_some_and(|hi| hi <= zero);
        if positive && negative {
            return Interval::EVERYTHING;
        }
        if *self == Interval::ZERO {
            return Interval::ZERO;
        }
        if !positive && !negative {
            return Interval::EVERYTHING;
        }
        if negative {
            return self.neg().div(&other.neg());
        }
        // The divisor is positive from here on, its ends in [0, ∞]. A large divisor brings a quotient near
        // to zero, a small one away from it.
        let (smallest, largest) = (End::lo(other), End::hi(other));
        let (lo, hi) = (End::lo(self), End::hi(self));
        let below = if lo.sign() < 0 { smallest } else { largest };
        let above = if hi.sign() < 0 { largest } else { smallest };
        Interval {
            lo: lo.over(below, Toward::Below).finite(),
            hi: hi.over(above, Toward::Above).finite(),
        }
    }

    /// The number with its sign changed.
    #[must_use]
    pub fn neg(&self) -> Interval {
        let flip = |bound: Decimal| (-bound).normalize();
        Interval {
            lo: self.hi.map(flip),
            hi: self.lo.map(flip),
        }
    }

    /// The smaller of the two numbers.
    #[must_use]
    pub fn min(&self, other: &Interval) -> Interval {
        Interval {
            lo: both(self.lo, other.lo, Decimal::min),
            hi: either(self.hi, other.hi, Decimal::min),
        }
    }

    /// The larger of the two numbers.
    #[must_use]
    pub fn max(&self, other: &Interval) -> Interval {
        Interval {
            lo: either(self.lo, other.lo, Decimal::max),
            hi: both(self.hi, other.hi, Decimal::max),
        }
    }

    /// The number times an exact factor.
    #[must_use]
    pub fn scale(&self, factor: Decimal) -> Interval {
        let (lo, hi) = if factor < Decimal::ZERO {
            (self.hi, self.lo)
        } else {
            (self.lo, self.hi)
        };
        if factor.is_zero() {
            return Interval::ZERO;
        }
        Interval {
            lo: lo.and_then(|lo| rounding::mul(lo, factor, Toward::Below)),
            hi: hi.and_then(|hi| rounding::mul(hi, factor, Toward::Above)),
        }
    }

    /// The number rounded down to a multiple: 7.9 to a multiple of 1 is 7, -7.9 is -8, 1444 to a
    /// multiple of 50 is 1400. The sign of `multiple` does not matter; there are no multiples of zero,
    /// and the answer is then [`Interval::EVERYTHING`].
    #[must_use]
    pub fn round_down(&self, multiple: Decimal) -> Interval {
        self.rounded(multiple, Toward::Below)
    }

    /// The number rounded up to a multiple: 7.1 to a multiple of 1 is 8, -7.9 is -7. The sign of
    /// `multiple` does not matter; there are no multiples of zero, and the answer is then
    /// [`Interval::EVERYTHING`].
    #[must_use]
    pub fn round_up(&self, multiple: Decimal) -> Interval {
        self.rounded(multiple, Toward::Above)
    }

    fn rounded(&self, multiple: Decimal, direction: Toward) -> Interval {
        if multiple.is_zero() {
            return Interval::EVERYTHING;
        }
        Interval {
            lo: self
                .lo
                .and_then(|lo| rounding::to_multiple(lo, multiple, direction, Toward::Below)),
            hi: self
                .hi
                .and_then(|hi| rounding::to_multiple(hi, multiple, direction, Toward::Above)),
        }
    }
}

/// Both bounds combined, or the one there is.
fn either(
    one: Option<Decimal>,
    other: Option<Decimal>,
    combine: impl FnOnce(Decimal, Decimal) -> Decimal,
) -> Option<Decimal> {
    match (one, other) {
        (Some(one), Some(other)) => Some(combine(one, other)),
        (one, None) | (None, one) => one,
    }
}

/// An end of an interval, in order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    MinusInfinity,
    Finite(Decimal),
    PlusInfinity,
}

impl End {
    fn lo(interval: &Interval) -> End {
        interval.lo.map_or(End::MinusInfinity, End::Finite)
    }

    fn hi(interval: &Interval) -> End {
        interval.hi.map_or(End::PlusInfinity, End::Finite)
    }

    fn finite(self) -> Option<Decimal> {
        match self {
            End::Finite(value) => Some(value),
            End::MinusInfinity | End::PlusInfinity => None,
        }
    }

    fn rounded(bound: Option<Decimal>, toward: Toward) -> End {
        match (bound, toward) {
            (Some(value), _) => End::Finite(value),
            (None, Toward::Below) => End::MinusInfinity,
            (None, Toward::Above) => End::PlusInfinity,
        }
    }

    /// -1, 0 or 1.
    fn sign(self) -> i8 {
        match self {
            End::MinusInfinity => -1,
            End::PlusInfinity => 1,
            End::Finite(value) if value.is_zero() => 0,
            End::Finite(value) if value.is_sign_negative() => -1,
            End::Finite(_) => 1,
        }
    }

    fn infinite(sign: i8) -> End {
        if sign < 0 {
            End::MinusInfinity
        } else {
            End::PlusInfinity
        }
    }

    /// The corner's product. Zero times an open end is zero: every number in there is finite.
    fn times(self, other: End, toward: Toward) -> End {
        match (self, other) {
            (End::Finite(a), End::Finite(b)) => End::rounded(rounding::mul(a, b, toward), toward),
            _ => match self.sign() * other.sign() {
                0 => End::Finite(Decimal::ZERO),
                sign => End::infinite(sign),
            },
        }
    }

    /// The corner's quotient by a divisor's end in [0, ∞]. The limit toward a divisor of 0 is infinite,
    /// toward an infinite one 0.
    fn over(self, divisor: End, toward: Toward) -> End {
        match (self, divisor) {
            (End::Finite(a), End::Finite(b)) if !b.is_zero() => {
                End::rounded(rounding::div(a, b, toward), toward)
            }
            (End::Finite(_), End::PlusInfinity | End::MinusInfinity) => End::Finite(Decimal::ZERO),
            _ => match self.sign() {
                0 => End::Finite(Decimal::ZERO),
                sign => End::infinite(sign),
            },
        }
    }
}
