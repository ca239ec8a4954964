//! The laws of interval arithmetic, against exact fractions of whole numbers of any size.

use detente_quantity::{Comparison, Decimal, Interval, Truth};
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;

fn exactly(value: Decimal) -> BigRational {
    BigRational::new(
        BigInt::from(value.mantissa()),
        BigInt::from(10).pow(value.scale()),
    )
}

fn holds(interval: &Interval, value: &BigRational) -> bool {
    interval.lo().is_none_or(|lo| exactly(lo) <= *value)
        && interval.hi().is_none_or(|hi| *value <= exactly(hi))
}

/// Any decimal there is: 96 bits, 0 to 28 places.
fn any_decimal() -> impl Strategy<Value = Decimal> {
    (any::<[u32; 3]>(), 0..=3usize, any::<bool>(), 0..=28u32).prop_map(
        |(words, kept, negative, places)| {
            let word = |index: usize| if index < kept { words[index] } else { 0 };
            Decimal::from_parts(word(0), word(1), word(2), negative, places)
        },
    )
}

/// Figures such as agreements hold: up to nine digits, up to three places.
fn figure() -> impl Strategy<Value = Decimal> {
    (-1_000_000_000..1_000_000_000i64, 0..=3u32)
        .prop_map(|(digits, places)| Decimal::new(digits, places))
}

fn decimal() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        3 => any_decimal(),
        3 => figure(),
        2 => (-3..=3i64).prop_map(Decimal::from),
        1 => Just(Decimal::MAX),
        1 => Just(Decimal::MIN),
    ]
}

fn interval_of(
    bound: impl Strategy<Value = Decimal> + Clone + 'static,
) -> impl Strategy<Value = Interval> {
    prop_oneof![
        2 => bound.clone().prop_map(Interval::exact),
        4 => (bound.clone(), bound.clone()).prop_map(|(a, b)| Interval::between(a, b)),
        1 => bound.clone().prop_map(Interval::at_least),
        1 => bound.prop_map(Interval::at_most),
        1 => Just(Interval::EVERYTHING),
    ]
}

fn interval() -> impl Strategy<Value = Interval> {
    interval_of(decimal().boxed())
}

/// An interval, and a number inside.
fn interval_and_point() -> impl Strategy<Value = (Interval, Decimal)> {
    (interval(), decimal(), 0..4u8).prop_map(|(interval, point, choice)| {
        let lo = interval.lo().unwrap_or(Decimal::MIN);
        let hi = interval.hi().unwrap_or(Decimal::MAX);
        let point = match choice {
            0 => lo,
            1 => hi,
            _ => point.max(lo).min(hi),
        };
        (interval, point)
    })
}

/// The unit in the last place of the nearest decimals around a value.
fn last_place(value: &BigRational) -> BigRational {
    let largest = BigRational::from(BigInt::from(Decimal::MAX.mantissa()));
    let ten = BigRational::from(BigInt::from(10));
    let mut size = if *value < BigRational::from(BigInt::from(0)) {
        -value
    } else {
        value.clone()
    };
    let mut unit = BigRational::from(BigInt::from(1));
    for _ in 0..28 {
        size *= &ten;
        if size > largest {
            break;
        }
        unit /= &ten;
    }
    unit
}

/// The interval is the narrowest that holds the value: the value itself where that is a decimal, else the
/// two decimals around it.
fn is_narrowest(interval: &Interval, value: &BigRational) -> bool {
    let unit = last_place(value);
    let scaled = value / &unit;
    match (interval.lo(), interval.hi()) {
        (Some(lo), Some(hi)) => {
            exactly(lo) == scaled.floor() * &unit && exactly(hi) == scaled.ceil() * &unit
        }
        (Some(lo), None) => lo == Decimal::MAX && *value > exactly(Decimal::MAX),
        (None, Some(hi)) => hi == Decimal::MIN && *value < exactly(Decimal::MIN),
        (None, None) => false,
    }
}

fn no_trailing_zeros(interval: &Interval) -> bool {
    [interval.lo(), interval.hi()]
        .into_iter()
        .flatten()
        .all(|bound| {
            let normal = bound.normalize();
            (bound.mantissa(), bound.scale(), bound.is_sign_negative())
                == (normal.mantissa(), normal.scale(), normal.is_sign_negative())
                && !(bound.is_zero() && bound.is_sign_negative())
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8 * ProptestConfig::default().cases))]

    #[test]
    fn lifting_is_sound((a, x) in interval_and_point(), (b, y) in interval_and_point()) {
        let (p, q) = (exactly(x), exactly(y));
        prop_assert!(a.contains(x) && b.contains(y));
        prop_assert!(holds(&a.add(&b), &(&p + &q)), "sum");
        prop_assert!(holds(&a.sub(&b), &(&p - &q)), "difference");
        prop_assert!(holds(&a.mul(&b), &(&p * &q)), "product");
        if !y.is_zero() {
            prop_assert!(holds(&a.div(&b), &(&p / &q)), "quotient {:?}", a.div(&b));
        }
        prop_assert!(holds(&a.scale(y), &(&p * &q)), "scaled");
        prop_assert!(holds(&a.neg(), &-&p));
        prop_assert!(a.min(&b).contains(x.min(y)));
        prop_assert!(a.max(&b).contains(x.max(y)));
        prop_assert!(a.hull(&b).contains(x) && a.hull(&b).contains(y));
        for result in [a, b, a.add(&b), a.sub(&b), a.mul(&b), a.div(&b), a.neg(), a.scale(y), a.min(&b), a.hull(&b)] {
            prop_assert!(no_trailing_zeros(&result), "{:?}", result);
        }
    }

    #[test]
    fn exact_operations_are_as_narrow_as_decimals_allow(x in decimal(), y in decimal()) {
        let (a, b) = (Interval::exact(x), Interval::exact(y));
        let (p, q) = (exactly(x), exactly(y));
        prop_assert!(is_narrowest(&a.add(&b), &(&p + &q)), "{x} + {y} = {:?}", a.add(&b));
        prop_assert!(is_narrowest(&a.sub(&b), &(&p - &q)), "{x} - {y} = {:?}", a.sub(&b));
        prop_assert!(is_narrowest(&a.mul(&b), &(&p * &q)), "{x} * {y} = {:?}", a.mul(&b));
        if !y.is_zero() {
            prop_assert!(is_narrowest(&a.div(&b), &(&p / &q)), "{x} / {y} = {:?}", a.div(&b));
        }
    }

    #[test]
    fn rounding_to_multiples((a, x) in interval_and_point(), multiple in decimal()) {
        if multiple.is_zero() {
            prop_assert_eq!(a.round_down(multiple), Interval::EVERYTHING);
            prop_assert_eq!(a.round_up(multiple), Interval::EVERYTHING);
            return Ok(());
        }
        let (p, m) = (exactly(x), exactly(multiple.abs()));
        prop_assert!(holds(&a.round_down(multiple), &((&p / &m).floor() * &m)));
        prop_assert!(holds(&a.round_up(multiple), &((&p / &m).ceil() * &m)));
    }

    #[test]
    fn figures_round_to_multiples_exactly(
        x in figure(),
        multiple in figure().prop_filter("multiples of zero", |multiple| !multiple.is_zero()),
    ) {
        let (p, m) = (exactly(x), exactly(multiple.abs()));
        let down = Interval::exact(x).round_down(multiple).is_exact().map(exactly);
        prop_assert_eq!(down, Some((&p / &m).floor() * &m));
        let up = Interval::exact(x).round_up(multiple).is_exact().map(exactly);
        prop_assert_eq!(up, Some((&p / &m).ceil() * &m));
    }

    #[test]
    fn order_of_evaluation_does_not_matter_for_figures(
        (one, other) in prop::collection::vec(interval_of(figure().boxed()), 0..20)
            .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle()))
    ) {
        let sum: Interval = one.iter().sum();
        prop_assert_eq!(sum, other.iter().sum::<Interval>());
        prop_assert_eq!(sum.to_string(), other.iter().sum::<Interval>().to_string());
        // From the right, and in halves.
        let from_right = one.iter().rev().fold(Interval::ZERO, |sum, next| next.add(&sum));
        let (left, right) = one.split_at(one.len() / 2);
        let halves = left.iter().sum::<Interval>().add(&right.iter().sum());
        prop_assert_eq!((sum, sum), (from_right, halves));
    }

    #[test]
    fn sums_in_different_orders_never_contradict(
        (one, other) in prop::collection::vec(interval(), 0..8)
            .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle()))
    ) {
        let (sum, again) = (one.iter().sum::<Interval>(), other.iter().sum::<Interval>());
        prop_assert!(sum.intersect(&again).is_some());
    }

    #[test]
    fn algebra(a in interval(), b in interval(), c in interval()) {
        prop_assert_eq!(a.add(&b), b.add(&a));
        prop_assert_eq!(a.mul(&b), b.mul(&a));
        prop_assert_eq!(a.add(&Interval::ZERO), a);
        prop_assert_eq!(a.mul(&Interval::exact(1)), a);
        prop_assert_eq!(a.mul(&Interval::ZERO), Interval::ZERO);
        prop_assert_eq!(a.neg().neg(), a);
        prop_assert_eq!(a.sub(&b), a.add(&b.neg()));
        prop_assert_eq!(a.min(&b), a.neg().max(&b.neg()).neg());
        prop_assert_eq!(a.min(&b).min(&c), a.min(&b.min(&c)));
        prop_assert_eq!(a.max(&b), b.max(&a));
    }

    #[test]
    fn arithmetic_is_monotone(a in interval(), wider in interval(), b in interval()) {
        // Knowing less never tells more.
        let wide = a.hull(&wider);
        prop_assert!(wide.add(&b).includes(&a.add(&b)));
        prop_assert!(wide.sub(&b).includes(&a.sub(&b)));
        prop_assert!(b.sub(&wide).includes(&b.sub(&a)));
        prop_assert!(wide.mul(&b).includes(&a.mul(&b)));
        prop_assert!(wide.div(&b).includes(&a.div(&b)));
        // Nothing can be divided by exactly zero, so that there is nothing to compare with.
        if a != Interval::ZERO {
            prop_assert!(b.div(&wide).includes(&b.div(&a)));
        }
        for comparison in Comparison::ALL {
            let (known, unknown) = (a.compare(comparison, &b), wide.compare(comparison, &b));
            prop_assert!(unknown == known || unknown == Truth::Unknown);
        }
    }

    #[test]
    fn intersection_and_hull(a in interval(), b in interval(), c in interval(), x in decimal()) {
        prop_assert_eq!(a.intersect(&b), b.intersect(&a));
        prop_assert_eq!(a.hull(&b), b.hull(&a));
        prop_assert_eq!(a.intersect(&a), Some(a));
        prop_assert_eq!(a.hull(&a), a);
        prop_assert_eq!(a.hull(&b).hull(&c), a.hull(&b.hull(&c)));
        prop_assert_eq!(
            a.intersect(&b).and_then(|ab| ab.intersect(&c)),
            b.intersect(&c).and_then(|bc| a.intersect(&bc)),
        );
        prop_assert_eq!(a.intersect(&a.hull(&b)), Some(a));
        if let Some(both) = a.intersect(&b) {
            prop_assert_eq!(a.hull(&both), a);
        }
        // Point by point.
        let both = a.intersect(&b).is_some_and(|both| both.contains(x));
        prop_assert_eq!(both, a.contains(x) && b.contains(x));
        prop_assert!(a.hull(&b).contains(x) || !(a.contains(x) || b.contains(x)));
        prop_assert_eq!(a.includes(&b), a.hull(&b) == a);
    }

    #[test]
    fn comparisons_mirror_each_other(a in interval(), b in interval()) {
        for comparison in Comparison::ALL {
            let verdict = a.compare(comparison, &b);
            prop_assert_eq!(a.compare(comparison.negate(), &b), verdict.not());
            prop_assert_eq!(b.compare(comparison.flip(), &a), verdict);
        }
    }

    #[test]
    fn text_and_data(a in interval()) {
        let text = serde_json::to_string(&a).unwrap();
        prop_assert_eq!(serde_json::from_str::<Interval>(&text).unwrap(), a);
    }
}

/// All intervals whose ends are whole numbers from -3 to 3, or open.
fn small_intervals() -> Vec<Interval> {
    let bounds: Vec<Option<Decimal>> = std::iter::once(None)
        .chain((-3..=3).map(|number| Some(Decimal::from(number))))
        .collect();
    bounds
        .iter()
        .flat_map(|lo| bounds.iter().map(move |hi| Interval::new(*lo, *hi)))
        .flatten()
        .collect()
}

/// Numbers that stand for all others as far as those intervals go: halves from -5 to 5.
fn sample(interval: &Interval) -> Vec<Decimal> {
    (-10..=10)
        .map(|half| Decimal::new(half * 5, 1))
        .filter(|value| interval.contains(*value))
        .collect()
}

#[test]
fn verdicts_agree_with_brute_force() {
    let intervals = small_intervals();
    assert_eq!(intervals.len(), 1 + 7 + 7 + 28);
    for a in &intervals {
        for b in &intervals {
            for comparison in Comparison::ALL {
                let mut seen = [false, false];
                for x in sample(a) {
                    for y in sample(b) {
                        seen[usize::from(comparison.holds(x, y))] = true;
                    }
                }
                let expected = match seen {
                    [false, true] => Truth::True,
                    [true, false] => Truth::False,
                    _ => Truth::Unknown,
                };
                assert_eq!(
                    a.compare(comparison, b),
                    expected,
                    "{a:?} {comparison} {b:?}"
                );
            }
        }
    }
}

#[test]
fn bounds_are_reached() {
    // Not only sound but tight: each finite bound of a result is the result of some choice of numbers.
    for a in &small_intervals() {
        for b in &small_intervals() {
            let reached = |result: Interval, operation: fn(Decimal, Decimal) -> Decimal| {
                let results: Vec<Decimal> = sample(a)
                    .iter()
                    .flat_map(|x| sample(b).into_iter().map(move |y| operation(*x, y)))
                    .collect();
                for bound in [result.lo(), result.hi()].into_iter().flatten() {
                    assert!(results.contains(&bound), "{a:?} and {b:?} give {result:?}");
                }
                results
                    .into_iter()
                    .for_each(|value| assert!(result.contains(value)));
            };
            reached(a.add(b), |x, y| x + y);
            reached(a.sub(b), |x, y| x - y);
            reached(a.mul(b), |x, y| x * y);
            reached(a.min(b), Decimal::min);
            reached(a.max(b), Decimal::max);
        }
    }
}
