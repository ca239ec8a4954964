//! The algebra of step functions against an array with one value per day.

use detente_quantity::{Date, Duration, Interval, Steps};
use proptest::prelude::*;

/// The model covers this many days; changes fall inside, with room at both ends.
const DAYS: i32 = 60;

fn day(number: i32) -> Date {
    Date::MIN.plus_days(4_000_000 + number)
}

/// The value on each day of the model, read one day at a time.
fn by_day<T: Clone + PartialEq>(steps: &Steps<T>) -> Vec<T> {
    (0..DAYS)
        .map(|number| steps.at(day(number)).clone())
        .collect()
}

/// Dates strictly increase and neighbours differ.
fn is_normal<T: Clone + PartialEq>(steps: &Steps<T>) -> bool {
    let mut last = steps.initial();
    let differ = steps.changes().iter().all(|(_, value)| {
        let differs = value != last;
        last = value;
        differs
    });
    differ && steps.changes().windows(2).all(|pair| pair[0].0 < pair[1].0)
}

fn changes() -> impl Strategy<Value = Vec<(i32, i8)>> {
    prop::collection::vec((5..DAYS - 5, 0..4i8), 0..12)
}

fn steps() -> impl Strategy<Value = Steps<i8>> {
    (0..4i8, changes()).prop_map(|(initial, changes)| {
        Steps::new(
            initial,
            changes
                .into_iter()
                .map(|(number, value)| (day(number), value)),
        )
    })
}

proptest! {
    #[test]
    fn construction_in_any_order(initial in 0..4i8, changes in changes()) {
        let steps = Steps::new(initial, changes.iter().map(|(number, value)| (day(*number), *value)));
        prop_assert!(is_normal(&steps));
        for number in 0..DAYS {
            // The latest day that is not after this one; of its changes, the last given.
            let expected = changes
                .iter()
                .enumerate()
                .filter(|(_, (change, _))| *change <= number)
                .max_by_key(|(order, (change, _))| (*change, *order))
                .map_or(initial, |(_, (_, value))| *value);
            prop_assert_eq!(*steps.at(day(number)), expected);
        }
    }

    #[test]
    fn normal_form_is_canonical(one in steps(), other in steps()) {
        prop_assert_eq!(by_day(&one) == by_day(&other), one == other);
        prop_assert_eq!(&Steps::from_sorted(*one.initial(), one.changes().to_vec()), &one);
    }

    #[test]
    fn map_and_zip(one in steps(), other in steps()) {
        let halved = one.map(|value| value / 2);
        prop_assert!(is_normal(&halved));
        prop_assert_eq!(by_day(&halved), by_day(&one).iter().map(|value| value / 2).collect::<Vec<_>>());

        let zipped = one.zip(&other, |a, b| (a + b) / 2);
        prop_assert!(is_normal(&zipped));
        let expected: Vec<i8> = by_day(&one).iter().zip(by_day(&other)).map(|(a, b)| (a + b) / 2).collect();
        prop_assert_eq!(by_day(&zipped), expected);
    }

    #[test]
    fn combine(parts in prop::collection::vec(steps(), 0..6)) {
        let parts: Vec<&Steps<i8>> = parts.iter().collect();
        // A function that depends on the order of its arguments.
        let weigh = |values: &[&i8]| values.iter().fold(0i64, |sum, value| sum * 3 % 1_000 + i64::from(**value));
        let combined = Steps::combine(&parts, weigh);
        prop_assert!(is_normal(&combined));
        for number in 0..DAYS {
            let values: Vec<&i8> = parts.iter().map(|part| part.at(day(number))).collect();
            prop_assert_eq!(*combined.at(day(number)), weigh(&values));
        }
    }

    #[test]
    fn sum_in_any_order(
        (parts, shuffled) in prop::collection::vec(steps(), 0..8)
            .prop_flat_map(|parts| (Just(parts.clone()), Just(parts).prop_shuffle()))
    ) {
        let lift = |parts: &[Steps<i8>]| -> Vec<Steps<Interval>> {
            parts.iter().map(|part| part.map(|value| match value {
                3 => Interval::NON_NEGATIVE,
                value => Interval::exact(i64::from(*value)),
            })).collect()
        };
        let (parts, shuffled) = (lift(&parts), lift(&shuffled));
        let (parts, shuffled): (Vec<_>, Vec<_>) = (parts.iter().collect(), shuffled.iter().collect());
        let sum = Steps::sum(&parts);
        prop_assert!(is_normal(&sum));
        prop_assert_eq!(&sum, &Steps::sum(&shuffled));
        prop_assert_eq!(&sum, &Steps::combine(&parts, |values| values.iter().copied().sum::<Interval>()));
    }

    #[test]
    fn pieces_cover_without_gap_or_overlap(steps in steps(), from in 0..DAYS, until in 0..DAYS) {
        let pieces: Vec<_> = steps.pieces(day(from), day(until)).collect();
        let mut covered = Vec::new();
        for (start, end, value) in &pieces {
            prop_assert!(start < end);
            for number in start.days()..end.days() {
                covered.push((number, **value));
            }
        }
        let expected: Vec<(i32, i8)> = (from..until).map(|number| (day(number).days(), *steps.at(day(number)))).collect();
        prop_assert_eq!(covered, expected);
        prop_assert!(pieces.windows(2).all(|pair| pair[0].2 != pair[1].2), "pieces are as long as can be");
    }

    #[test]
    fn replace(steps in steps(), from in 0..DAYS, until in 0..DAYS, value in 0..4i8) {
        let replaced = steps.replace(day(from), day(until), value);
        prop_assert!(is_normal(&replaced));
        for number in 0..DAYS {
            let inside = from <= number && number < until;
            let expected = if inside { value } else { *steps.at(day(number)) };
            prop_assert_eq!(*replaced.at(day(number)), expected);
        }
    }

    #[test]
    fn shift_by_calendar_durations(
        numbers in prop::collection::vec((0..1_500i32, 0..4i8), 0..12),
        duration in prop_oneof![
            (0..60u32).prop_map(Duration::Months),
            (0..90u32).prop_map(Duration::Days),
            (0..100u32).prop_map(Duration::Hours),
        ],
    ) {
        // From 2011-01-01: four years with one leap day.
        let first = Date::from_ymd(2011, 1, 1).unwrap();
        let steps = Steps::new(0, numbers.into_iter().map(|(number, value)| (first.plus_days(number), value)));
        let shifted = steps.shift_later(duration);
        prop_assert!(is_normal(&shifted));
        for number in -10..3_500 {
            let date = first.plus_days(number);
            prop_assert_eq!(shifted.at(date), steps.at(date.minus(duration)), "{}", date);
        }
    }

    #[test]
    fn serialisation(steps in steps()) {
        let text = serde_json::to_string(&steps).unwrap();
        prop_assert_eq!(serde_json::from_str::<Steps<i8>>(&text).unwrap(), steps);
    }
}

#[test]
fn months_that_are_too_short() {
    // A change on 31 January 2011, one month later: no day of February answers to it (28 February minus
    // one month is 28 January), so it takes effect on 1 March.
    let date = |text: &str| text.parse::<Date>().unwrap();
    let steps = Steps::new(0, [(date("2011-01-31"), 1)]);
    let shifted = steps.shift_later(Duration::Months(1));
    assert_eq!(shifted.changes(), [(date("2011-03-01"), 1)]);
}

#[test]
fn the_ends_of_the_calendar() {
    let steps = Steps::new(
        0,
        [(Date::MIN, 1), (Date::MAX.previous(), 2), (Date::MAX, 3)],
    );
    assert_eq!(*steps.at(Date::MIN), 1);
    let later = steps.shift_later(Duration::Days(1));
    assert_eq!(later.changes(), [(Date::MIN, 1), (Date::MAX, 2)]);
    assert_eq!(
        *later.at(Date::MIN),
        *steps.at(Date::MIN.minus(Duration::Days(1)))
    );
    assert_eq!(
        steps.shift_later(Duration::Months(u32::MAX)).changes(),
        [(Date::MIN, 1)]
    );
    assert_eq!(steps.pieces(Date::MIN, Date::MAX).count(), 2);
    assert_eq!(steps.pieces(Date::MAX, Date::MAX).count(), 0);
    assert_eq!(*steps.replace(Date::MIN, Date::MAX, 7).at(Date::MAX), 3);
}

#[test]
fn as_data() {
    let steps = Steps::new(
        Interval::NON_NEGATIVE,
        [(Date::from_ymd(2018, 2, 5).unwrap(), Interval::exact(652))],
    );
    let text = serde_json::to_string(&steps).unwrap();
    assert_eq!(
        text,
        r#"{"initial":{"lo":0,"hi":null},"changes":[["2018-02-05",{"lo":652,"hi":652}]]}"#
    );
}
