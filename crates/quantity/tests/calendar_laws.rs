//! The calendar against the calendar library, used in another way, and against itself.
#![expect(clippy::unwrap_used, reason = "helpers outside of test functions")]

use detente_quantity::{Date, Duration, Instant, When};
use jiff::civil;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use proptest::prelude::*;

fn any_date() -> impl Strategy<Value = Date> {
    (Date::MIN.days()..=Date::MAX.days()).prop_map(|days| Date::from_days(days).unwrap())
}

/// Where the library's time stamps, with any offset, are sure to exist: from the year 53 to 9909.
fn usual_date() -> impl Strategy<Value = Date> {
    (-700_000..2_900_000i32).prop_map(|days| Date::from_days(days).unwrap())
}

/// Far enough from the ends for fifty years either way.
fn middle_date() -> impl Strategy<Value = Date> {
    (-700_000..2_000_000i32).prop_map(|days| Date::from_days(days).unwrap())
}

fn civil(date: Date) -> civil::Date {
    civil::date(date.year() as i16, date.month() as i8, date.day() as i8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4 * ProptestConfig::default().cases))]

    #[test]
    fn days_agree_with_unix_time(date in usual_date()) {
        let stamp = Timestamp::from_second(i64::from(date.days()) * 86_400).unwrap();
        prop_assert_eq!(stamp.to_zoned(TimeZone::UTC).date(), civil(date));
        prop_assert_eq!(date.start().micros(), stamp.as_microsecond());
        prop_assert_eq!(date.end(), date.next().start());
    }

    #[test]
    fn text_and_parts_read_back(date in any_date()) {
        prop_assert_eq!(date.to_string().parse::<Date>(), Ok(date));
        prop_assert_eq!(Date::from_ymd(date.year(), date.month(), date.day()), Some(date));
        prop_assert_eq!(serde_json::from_str::<Date>(&serde_json::to_string(&date).unwrap()).unwrap(), date);
    }

    #[test]
    fn any_ten_characters(text in "[0-9-]{8,11}|\\PC{0,12}") {
        // What reads as a date prints as the same text, and the library agrees that it is one.
        match text.parse::<Date>() {
            Ok(date) => {
                prop_assert_eq!(date.to_string(), text.clone());
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
        let _ = text.parse::<When>();
    }

    #[test]
    fn every_year_month_day(year in -10_000..=10_000i32, month in 0..=14u8, day in 0..=33u8) {
        let library = civil::Date::new(year as i16, month as i8, day as i8).ok();
        prop_assert_eq!(Date::from_ymd(year, month, day).map(civil), library);
        if (0..=9_999).contains(&year) {
            let text = format!("{year:04}-{month:02}-{day:02}");
            prop_assert_eq!(text.parse::<Date>().ok().map(civil), library);
        }
    }

    #[test]
    fn months_agree_with_the_library(date in usual_date(), months in 0..3_000u32) {
        let span = Span::new().months(i64::from(months));
        let (later, earlier) = (date.plus(Duration::Months(months)), date.minus(Duration::Months(months)));
        prop_assert_eq!(civil(later), civil(date).saturating_add(span));
        prop_assert_eq!(civil(earlier), civil(date).saturating_sub(span));
    }

    #[test]
    fn months_by_hand(date in middle_date(), months in 0..600i32) {
        // Count months, then clamp to the last day of the month reached.
        let clamped = |count: i32| {
            let (year, month) = (count.div_euclid(12), count.rem_euclid(12) as u8 + 1);
            (1..=date.day()).rev().find_map(|day| Date::from_ymd(year, month, day)).unwrap()
        };
        let count = date.year() * 12 + i32::from(date.month()) - 1;
        let duration = Duration::Months(months.unsigned_abs());
        prop_assert_eq!(date.plus(duration), clamped(count + months));
        prop_assert_eq!(date.minus(duration), clamped(count - months));
    }

    #[test]
    fn later_dates_have_later_deadlines(date in any_date(), days in 0..100i32, months in 0..200u32) {
        // Deadlines never overtake each other, and clamping loses at most three days.
        let (later, duration) = (date.plus_days(days), Duration::Months(months));
        prop_assert!(date.plus(duration) <= later.plus(duration));
        prop_assert!(date.minus(duration) <= later.minus(duration));
        if date.plus(duration) != Date::MAX && date.minus(duration) != Date::MIN {
            prop_assert!((0..=3).contains(&date.days_since(date.plus(duration).minus(duration))));
        }
    }

    #[test]
    fn hours_end_in_the_enclosing_day(date in usual_date(), hours in 0..1_000_000u32) {
        let duration = Duration::Hours(hours);
        prop_assert_eq!(date.plus(duration), date.start().plus(duration).date());
        prop_assert_eq!(date.minus(duration), date.start().minus(duration).date());
        prop_assert_eq!(date.plus(Duration::Days(hours / 24)), date.plus(Duration::Hours(hours / 24 * 24)));
    }

    #[test]
    fn month_ends(date in any_date()) {
        let first = date.first_of_month();
        prop_assert_eq!((first.year(), first.month(), first.day()), (date.year(), date.month(), 1));
        let next = date.first_of_next_month();
        prop_assert!(next > date || next == Date::MAX);
        if next != Date::MAX {
            prop_assert_eq!(next.day(), 1);
            prop_assert_eq!(next.previous().month(), date.month());
        }
    }

    #[test]
    fn instants_agree_with_the_library(micros in -60_000_000_000_000_000..250_000_000_000_000_000i64) {
        let instant = Instant::from_micros(micros);
        let stamp = Timestamp::from_microsecond(micros).unwrap();
        prop_assert_eq!(instant.to_string(), stamp.to_string());
        prop_assert_eq!(civil(instant.date()), stamp.to_zoned(TimeZone::UTC).date());
        prop_assert_eq!(instant.to_string().parse::<Instant>(), Ok(instant));
    }

    #[test]
    fn offsets_agree_with_the_library(
        date in usual_date(),
        (hour, minute, second) in (0..24, 0..60, 0..60),
        fraction in "(\\.[0-9]{1,9})?",
        (sign, offset_hour, offset_minute) in ("[+-]", 0..24, 0..60),
    ) {
        let text = format!("{date}T{hour:02}:{minute:02}:{second:02}{fraction}{sign}{offset_hour:02}:{offset_minute:02}");
        let stamp: Timestamp = text.parse().unwrap();
        // Digits past the sixth are dropped, which is rounding down.
        let expected = stamp.as_nanosecond().div_euclid(1_000) as i64;
        prop_assert_eq!(text.parse::<Instant>().unwrap().micros(), expected);
    }

    #[test]
    fn any_text_like_an_instant(text in "(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9][Tt ][0-6][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{0,9})?(Z|z|[+-][0-2][0-9]:[0-6][0-9]|)|[0-9TZz:+. é-]{0,30}") {
        // The library reads leap seconds too, and a few forms that RFC 3339 does not have.
        let library = text.parse::<Timestamp>();
        match text.parse::<Instant>() {
            Ok(instant) => {
                prop_assert!(library.is_ok(), "{}", text);
                prop_assert_eq!(instant.to_string().parse::<Instant>(), Ok(instant));
            }
            Err(error) => prop_assert!(error.to_string().contains(&text)),
        }
    }

    #[test]
    fn instants_move_with_their_dates(micros in any::<i64>(), amount in any::<u32>(), small in 0..5_000u32) {
        let instant = Instant::from_micros(micros);
        for duration in [Duration::Hours(amount), Duration::Days(amount), Duration::Months(amount), Duration::Months(small)] {
            prop_assert!(instant.plus(duration) >= instant && instant.minus(duration) <= instant);
        }
        let (later, earlier) = (instant.plus(Duration::Months(small)), instant.minus(Duration::Months(small)));
        prop_assert_eq!(later.date(), instant.date().plus(Duration::Months(small)));
        prop_assert_eq!(earlier.date(), instant.date().minus(Duration::Months(small)));
        prop_assert_eq!(instant.plus(Duration::Days(small)), instant.plus(Duration::Hours(small * 24)));
    }

    #[test]
    fn an_event_lies_in_its_day(micros in any::<i64>()) {
        let at = When::At(Instant::from_micros(micros));
        let day = When::Day(at.date());
        prop_assert!(day.earliest() <= at.earliest());
        prop_assert!(at.latest() < day.latest() || at.latest() == Instant::MAX);
        prop_assert_eq!(at.to_string().parse::<When>().unwrap(), at);
        prop_assert_eq!(day.to_string().parse::<When>().unwrap(), day);
        prop_assert_eq!(day.cmp(&at), if at.earliest() == day.earliest() { std::cmp::Ordering::Greater } else { std::cmp::Ordering::Less });
    }
}

/// Every day there is, one after another as the calendar library counts them, and every day that is none.
#[test]
fn all_days_agree_with_the_library() {
    let mut library = Some(civil::Date::MIN);
    let mut days = Date::MIN.days();
    while let Some(date) = library {
        let (year, month, day) = (date.year(), date.month(), date.day());
        let ours = Date::from_ymd(i32::from(year), month.unsigned_abs(), day.unsigned_abs());
        assert_eq!(ours.map(Date::days), Some(days), "{date}");
        if day == date.days_in_month() {
            for beyond in [0, day.unsigned_abs() + 1, 32, u8::MAX] {
                assert_eq!(
                    Date::from_ymd(i32::from(year), month.unsigned_abs(), beyond),
                    None
                );
            }
            for beyond in [0, 13, u8::MAX] {
                assert_eq!(Date::from_ymd(i32::from(year), beyond, 1), None);
            }
        }
        days += 1;
        library = date.tomorrow().ok();
    }
    assert_eq!(days - 1, Date::MAX.days());
    for year in [i32::MIN, -10_000, 10_000, i32::MAX] {
        assert_eq!(Date::from_ymd(year, 1, 1), None);
    }
}
