//! Sums of declared figures do not drift.

use detente_quantity::{Decimal, Interval, Unit};

#[test]
fn a_million_declared_kilograms() {
    let tenth = Interval::exact(Decimal::new(1, 1));
    let sum = (0..1_000_000).fold(Interval::ZERO, |sum, _| sum.add(&tenth));
    assert_eq!(sum.is_exact(), Some(Decimal::from(100_000)));
    // The same in binary floating point is off, which is why it is not used.
    let drifting: f64 = (0..1_000_000).map(|_| 0.1).sum();
    assert_ne!(drifting, 100_000.0);
}

#[test]
fn a_million_grams_and_tonnes() {
    // Alternately 1 g and 1 t, converted one by one, then taken away again.
    let (gram, tonne) = (Unit::parse("g").unwrap(), Unit::parse("t").unwrap());
    let each = [&gram, &tonne].map(|unit| Interval::exact(unit.to_base(Decimal::ONE).unwrap()));
    let sum = (0..500_000).fold(Interval::ZERO, |sum, _| sum.add(&each[0]).add(&each[1]));
    assert_eq!(sum.to_string(), "500000500");
    let rest = (0..500_000).fold(sum, |rest, _| rest.sub(&each[0]).sub(&each[1]));
    assert_eq!(rest, Interval::ZERO);
}

#[test]
fn past_the_largest_decimal_a_bound_opens() {
    let largest = Interval::exact(Decimal::MAX);
    let twice = largest.add(&largest);
    assert_eq!((twice.lo(), twice.hi()), (Some(Decimal::MAX), None));
    let squared = largest.mul(&largest.neg());
    assert_eq!((squared.lo(), squared.hi()), (None, Some(Decimal::MIN)));
    let third = Interval::exact(1).div(&Interval::exact(3));
    assert_eq!(
        third.to_string(),
        "0.3333333333333333333333333333 to 0.3333333333333333333333333334"
    );
    // (1 + 10^-28)^2 = 1 + 2 * 10^-28 + 10^-56: the last digit of 57 decides.
    let step = |count| Decimal::from_parts(count, 0, 0, false, 28);
    let above_one = Interval::exact(Decimal::ONE + step(1));
    let squared = above_one.mul(&above_one);
    assert_eq!(
        squared,
        Interval::between(Decimal::ONE + step(2), Decimal::ONE + step(3))
    );
    // Below the smallest step: between 0 and one step, never across 0.
    let tiny = Interval::exact(Decimal::from_parts(1, 0, 0, false, 28));
    assert_eq!(
        tiny.mul(&tiny),
        Interval::between(0, Decimal::from_parts(1, 0, 0, false, 28))
    );
}

#[test]
fn division_where_the_divisor_may_be_zero() {
    let to = |lo: i64, hi: i64| Interval::between(lo, hi);
    assert_eq!(to(10, 20).div(&to(0, 5)), Interval::at_least(2));
    assert_eq!(
        to(10, 20).div(&Interval::NON_NEGATIVE),
        Interval::NON_NEGATIVE
    );
    assert_eq!(to(10, 20).div(&to(-5, 0)), Interval::at_most(-2));
    assert_eq!(to(-10, 20).div(&to(0, 5)), Interval::EVERYTHING);
    assert_eq!(to(10, 20).div(&to(-1, 1)), Interval::EVERYTHING);
    assert_eq!(to(10, 20).div(&Interval::ZERO), Interval::EVERYTHING);
    assert_eq!(Interval::ZERO.div(&Interval::ZERO), Interval::EVERYTHING);
    assert_eq!(Interval::ZERO.div(&to(-1, 1)), Interval::ZERO);
    assert_eq!(to(0, 20).div(&to(4, 5)), to(0, 5));
}

#[test]
fn rounding_examples() {
    let exact = |digits: i64, places: u32| Interval::exact(Decimal::new(digits, places));
    let one = Decimal::ONE;
    assert_eq!(exact(79, 1).round_down(one), Interval::exact(7));
    assert_eq!(exact(-79, 1).round_down(one), Interval::exact(-8));
    assert_eq!(exact(71, 1).round_up(one), Interval::exact(8));
    assert_eq!(exact(-79, 1).round_up(one), Interval::exact(-7));
    assert_eq!(
        Interval::exact(1444).round_down(Decimal::from(50)),
        Interval::exact(1400)
    );
    assert_eq!(
        Interval::exact(1444).round_down(Decimal::from(-50)),
        Interval::exact(1400)
    );
    assert_eq!(
        Interval::between(390, 410).round_up(Decimal::from(100)),
        Interval::between(400, 500)
    );
    assert_eq!(
        Interval::at_least(5).round_down(Decimal::from(10)),
        Interval::NON_NEGATIVE
    );
    let smallest = Decimal::from_parts(1, 0, 0, false, 28);
    let largest = Interval::exact(Decimal::MAX);
    assert_eq!(Interval::exact(smallest).round_up(Decimal::MAX), largest);
    assert_eq!(
        Interval::exact(smallest).round_down(Decimal::MAX),
        Interval::ZERO
    );
    assert_eq!(
        Interval::exact(-smallest).round_down(Decimal::MAX),
        largest.neg()
    );
    assert_eq!(
        Interval::exact(-smallest).round_up(Decimal::MAX),
        Interval::ZERO
    );
    assert_eq!(
        Interval::exact(5).round_down(Decimal::ZERO),
        Interval::EVERYTHING
    );
}
