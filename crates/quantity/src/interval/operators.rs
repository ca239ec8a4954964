//! `+`, `-`, `*`, `/` and sums of intervals, by value or by reference.
//!
//! The operator traits are named by path: imported, their methods would hide [`Interval`]'s own.

use std::borrow::Borrow;

use super::Interval;

macro_rules! operator {
    ($operator:ident, $method:ident, $($left:ty, $right:ty;)*) => {$(
        impl std::ops::$operator<$right> for $left {
            type Output = Interval;
            fn $method(self, other: $right) -> Interval {
                // One body for values and references.
                Interval::$method(self.borrow(), other.borrow())
            }
        }
    )*};
}

macro_rules! operators {
    ($($operator:ident, $method:ident;)*) => {$(
        operator! {
            $operator, $method,
            Interval, Interval;
            Interval, &Interval;
            &Interval, Interval;
            &Interval, &Interval;
        }
    )*};
}

operators! {
    Add, add;
    Sub, sub;
    Mul, mul;
    Div, div;
}

impl std::ops::Neg for Interval {
    type Output = Interval;
    fn neg(self) -> Interval {
        Interval::neg(&self)
    }
}

impl std::iter::Sum for Interval {
    fn sum<I: Iterator<Item = Interval>>(intervals: I) -> Interval {
        intervals.fold(Interval::ZERO, |sum, interval| sum.add(&interval))
    }
}

impl<'a> std::iter::Sum<&'a Interval> for Interval {
    fn sum<I: Iterator<Item = &'a Interval>>(intervals: I) -> Interval {
        intervals.fold(Interval::ZERO, |sum, interval| sum.add(interval))
    }
}
