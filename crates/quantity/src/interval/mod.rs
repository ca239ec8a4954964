//! Closed intervals of exact decimals: what is known of a number.

mod arithmetic;
mod operators;
mod rounding;
mod text;

use crate::{Comparison, Decimal, Truth};

/// All numbers from `lo` to `hi`, both included; a missing bound leaves that side open-ended.
///
/// An interval says what is known of one number. It is never empty: `lo <= hi` always holds. Bounds are
/// exact decimals without trailing zeros, so equal intervals print and serialise alike.
///
/// The arithmetic is *sound*: if `a` lies in `A` and `b` in `B`, then `a + b` lies in `A.add(&B)`, and so
/// for every other operation. Sums, differences and products that fit a decimal (28 digits) are exact;
/// otherwise bounds round outward. Nothing overflows: past the largest decimal a bound becomes open.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Interval {
    lo: Option<Decimal>,
    hi: Option<Decimal>,
}

impl Interval {
    /// All numbers from 0 up: a count or a mass of which nothing is known.
    pub const NON_NEGATIVE: Interval = Interval {
        lo: Some(Decimal::ZERO),
        hi: None,
    };
    /// All numbers: nothing is known.
    pub const EVERYTHING: Interval = Interval { lo: None, hi: None };
    /// Exactly 0.
    pub const ZERO: Interval = Interval {
        lo: Some(Decimal::ZERO),
        hi: Some(Decimal::ZERO),
    };

    /// Just this number.
    #[must_use]
    pub fn exact(value: impl Into<Decimal>) -> Interval {
        let value = Some(value.into().normalize());
        Interval {
            lo: value,
            hi: value,
        }
    }

    /// From `lo` to `hi`, where `None` is unbounded. `None` when `lo` is above `hi`.
    #[must_use]
    pub fn new(lo: Option<Decimal>, hi: Option<Decimal>) -> Option<Interval> {
        match (lo, hi) {
            (Some(lo), Some(hi)) if lo > hi => None,
            _ => Some(Interval {
                lo: lo.map(|lo| lo.normalize()),
                hi: hi.map(|hi| hi.normalize()),
            }),
        }
    }

    /// From the smaller of two numbers to the larger.
    #[must_use]
    pub fn between(one: impl Into<Decimal>, other: impl Into<Decimal>) -> Interval {
        let (one, other) = (one.into().normalize(), other.into().normalize());
        Interval {
            lo: Some(one.min(other)),
            hi: Some(one.max(other)),
        }
    }

    /// This number or more.
    #[must_use]
    pub fn at_least(lo: impl Into<Decimal>) -> Interval {
        Interval {
            lo: Some(lo.into().normalize()),
            hi: None,
        }
    }

    /// This number or less.
    #[must_use]
    pub fn at_most(hi: impl Into<Decimal>) -> Interval {
        Interval {
            lo: None,
            hi: Some(hi.into().normalize()),
        }
    }

    /// The lower bound; `None` when there is none.
    #[must_use]
    pub const fn lo(&self) -> Option<Decimal> {
        self.lo
    }

    /// The upper bound; `None` when there is none.
    #[must_use]
    pub const fn hi(&self) -> Option<Decimal> {
        self.hi
    }

    /// The number, if only one is possible.
    #[must_use]
    pub fn is_exact(&self) -> Option<Decimal> {
        match (self.lo, self.hi) {
            (Some(lo), Some(hi)) if lo == hi => Some(lo),
            _ => None,
        }
    }

    /// Whether this number is possible.
    #[must_use]
    pub fn contains(&self, value: Decimal) -> bool {
        self.lo.is_none_or(|lo| lo <= value) && self.hi.is_none_or(|hi| value <= hi)
    }

    /// Whether every number of `other` is possible here too.
    #[must_use]
    pub fn includes(&self, other: &Interval) -> bool {
        self.hull(other) == *self
    }

    /// The numbers that both allow; `None` when there is none, which is to say that two sources on one
    /// quantity contradict each other.
    #[must_use]
    pub fn intersect(&self, other: &Interval) -> Option<Interval> {
        let lo = match (self.lo, other.lo) {
            (Some(ours), Some(theirs)) => Some(ours.max(theirs)),
            (one, None) | (None, one) => one,
        };
        let hi = match (self.hi, other.hi) {
            (Some(ours), Some(theirs)) => Some(ours.min(theirs)),
            (one, None) | (None, one) => one,
        };
        match (lo, hi) {
            (Some(lo), Some(hi)) if lo > hi => None,
            _ => Some(Interval { lo, hi }),
        }
    }

    /// The smallest interval that holds all numbers of both.
    #[must_use]
    pub fn hull(&self, other: &Interval) -> Interval {
        Interval {
            lo: both(self.lo, other.lo, Decimal::min),
            hi: both(self.hi, other.hi, Decimal::max),
        }
    }

    /// Whether the comparison holds for every choice of numbers ([`Truth::True`]), for none
    /// ([`Truth::False`]), or depends on the choice.
    ///
    /// The two sides are taken as independent: an interval compared with itself is `Unknown` unless it
    /// is exact.
    #[must_use]
    pub fn compare(&self, comparison: Comparison, other: &Interval) -> Truth {
        // `a < b` for all choices, or for none of them.
        let all_below =
            |a: &Interval, b: &Interval| matches!((a.hi, b.lo), (Some(a), Some(b)) if a < b);
        let all_up_to =
            |a: &Interval, b: &Interval| matches!((a.hi, b.lo), (Some(a), Some(b)) if a <= b);
        let verdict = |always: bool, never: bool| match (always, never) {
            (true, _) => Truth::True,
            (_, true) => Truth::False,
            _ => Truth::Unknown,
        };
        match comparison {
            Comparison::Less => verdict(all_below(self, other), all_up_to(other, self)),
            Comparison::AtMost => verdict(all_up_to(self, other), all_below(other, self)),
            Comparison::Equal => {
                let same = self.is_exact().is_some() && self == other;
                verdict(same, all_below(self, other) || all_below(other, self))
            }
            Comparison::NotEqual => self.compare(Comparison::Equal, other).not(),
            Comparison::AtLeast => other.compare(Comparison::AtMost, self),
            Comparison::Greater => other.compare(Comparison::Less, self),
        }
    }
}

/// Both bounds combined; unbounded if one of them is.
fn both<T>(
    one: Option<Decimal>,
    other: Option<Decimal>,
    combine: impl FnOnce(Decimal, Decimal) -> T,
) -> Option<T> {
    Some(combine(one?, other?))
}

impl From<Decimal> for Interval {
    fn from(value: Decimal) -> Interval {
        Interval::exact(value)
    }
}

impl From<i64> for Interval {
    fn from(value: i64) -> Interval {
        Interval::exact(value)
    }
}

pub use text::IntervalError;
