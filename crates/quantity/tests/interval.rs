//! Intervals.

use detente_quantity::{Comparison, Date, Interval, Truth};

#[test]
fn words() {
    assert_eq!(Interval::exact(652).to_string(), "652");
    assert_eq!(Interval::between(390, 410).to_string(), "390 to 410");
    assert_eq!(Interval::at_least(5).to_string(), "at least 5");
    assert_eq!(Interval::at_most(1550).to_string(), "at most 1550");
    assert_eq!(Interval::EVERYTHING.to_string(), "unknown");
}

#[test]
fn a_limit_is_kept_broken_or_undetermined() {
    let limit = Interval::exact(1550);
    let verdict = |value: Interval| value.compare(Comparison::AtMost, &limit);
    assert_eq!(verdict(Interval::exact(1444)), Truth::True);
    assert_eq!(verdict(Interval::exact(1561)), Truth::False);
    assert_eq!(verdict(Interval::NON_NEGATIVE), Truth::Unknown);
    assert_eq!(verdict(Interval::between(0, 1550)), Truth::True);
}

#[test]
fn hot_types_are_small() {
    assert_eq!(size_of::<Date>(), 4);
    assert_eq!(size_of::<Option<Comparison>>(), 1);
    // Two decimals of 16 bytes, and whether they are there.
    assert_eq!(size_of::<Interval>(), 40);
    assert_eq!(size_of::<(Date, Interval)>(), 44);
}
