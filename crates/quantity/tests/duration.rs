//! Lengths of time.

use std::cmp::Ordering;

use detente_quantity::{Date, Duration, DurationError};
use proptest::prelude::*;

#[test]
fn words() {
    let words = |duration: Duration| duration.to_string();
    assert_eq!(words(Duration::Months(120)), "10 years");
    assert_eq!(words(Duration::Months(12)), "1 year");
    assert_eq!(words(Duration::Months(18)), "18 months");
    assert_eq!(words(Duration::Months(1)), "1 month");
    assert_eq!(words(Duration::Months(0)), "0 months");
    assert_eq!(words(Duration::Days(45)), "45 days");
    assert_eq!(words(Duration::Days(1)), "1 day");
    assert_eq!(words(Duration::Hours(24)), "24 hours");
}

#[test]
fn reading() {
    for duration in [
        Duration::Months(120),
        Duration::Months(7),
        Duration::Days(45),
        Duration::Hours(1),
        Duration::Months(0),
    ] {
        assert_eq!(duration.to_string().parse(), Ok(duration));
        let text = serde_json::to_string(&duration).unwrap();
        assert_eq!(serde_json::from_str::<Duration>(&text).unwrap(), duration);
    }
    assert_eq!("2 weeks".parse(), Ok(Duration::Days(14)));
    assert!(matches!(
        "45".parse::<Duration>(),
        Err(DurationError::Form(_))
    ));
    assert!(matches!(
        "-45 days".parse::<Duration>(),
        Err(DurationError::Form(_))
    ));
    assert!(matches!(
        "4.5 days".parse::<Duration>(),
        Err(DurationError::Form(_))
    ));
    assert!(matches!(
        "5000000000 days".parse::<Duration>(),
        Err(DurationError::TooLong(_))
    ));
    assert!(matches!(
        "4000000000 years".parse::<Duration>(),
        Err(DurationError::TooLong(_))
    ));
    assert_eq!(
        "3 fortnights".parse::<Duration>().unwrap_err().to_string(),
        "\"3 fortnights\": there is no length of time \"fortnights\"; use hours, days, weeks, months or years"
    );
}

#[test]
fn months_do_not_compare_with_days() {
    assert_eq!(Duration::Months(1).compare(Duration::Days(30)), None);
    assert_eq!(Duration::Hours(720).compare(Duration::Months(1)), None);
    assert_eq!(
        Duration::Hours(24).compare(Duration::Days(1)),
        Some(Ordering::Equal)
    );
    assert_eq!(
        Duration::Hours(25).compare(Duration::Days(1)),
        Some(Ordering::Greater)
    );
    assert_eq!(
        Duration::years(1).unwrap().compare(Duration::Months(13)),
        Some(Ordering::Less)
    );
    // More hours than 32 bits hold.
    assert_eq!(
        Duration::Days(u32::MAX).compare(Duration::Hours(u32::MAX)),
        Some(Ordering::Greater)
    );
}

#[test]
fn a_schedule_is_reckoned_in_one_step() {
    let start: Date = "2011-01-31".parse().unwrap();
    let dates: Vec<String> = (0..4)
        .map(|count| start.plus(Duration::Months(1).times(count)).to_string())
        .collect();
    assert_eq!(
        dates,
        ["2011-01-31", "2011-02-28", "2011-03-31", "2011-04-30"]
    );
    for longest in [Duration::Hours(3), Duration::Days(3), Duration::Months(3)]
        .map(|each| each.times(u32::MAX))
    {
        assert_eq!(start.plus(longest), Date::MAX);
    }
}

proptest! {
    #[test]
    fn what_reads_as_a_length_prints_as_one(text in "[0-9]{0,12} ?(hours?|days?|weeks?|months?|years?|[a-z]{0,3})|\\PC{0,8}") {
        match text.parse::<Duration>() {
            Ok(duration) => prop_assert_eq!(duration.to_string().parse(), Ok(duration)),
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}
