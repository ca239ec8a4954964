//! The calendar against published examples and against the calendar library, used in another way.
#![expect(clippy::unwrap_used, reason = "a helper outside of a test function")]

use detente_quantity::{Date, DateError, Duration, Instant, InstantError, When};

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn published_examples() {
    // New START entered into force on 2011-02-05; first exchange within 45 days; ten years.
    let force = date("2011-02-05");
    assert_eq!(force.plus(Duration::Days(45)), date("2011-03-22"));
    assert_eq!(force.plus(Duration::years(10).unwrap()), date("2021-02-05"));
    assert_eq!(
        date("2011-05-31").minus(Duration::Months(1)),
        date("2011-04-30")
    );
    assert_eq!(
        date("2012-02-29").plus(Duration::Months(12)),
        date("2013-02-28")
    );
    assert_eq!(date("1970-01-01").days(), 0);
    assert_eq!(date("2000-03-01").days(), 11_017);
}

#[test]
fn the_ends_of_the_calendar() {
    assert_eq!(Date::from_ymd(-9999, 1, 1), Some(Date::MIN));
    assert_eq!(Date::from_ymd(9999, 12, 31), Some(Date::MAX));
    assert_eq!(Date::MIN.to_string(), "-9999-01-01");
    assert_eq!(Date::MAX.to_string(), "9999-12-31");
    assert_eq!(Date::MAX.next(), Date::MAX);
    assert_eq!(Date::MIN.previous(), Date::MIN);
    for duration in [
        Duration::Hours(u32::MAX),
        Duration::Days(u32::MAX),
        Duration::Months(u32::MAX),
    ] {
        assert_eq!(Date::MAX.plus(duration), Date::MAX);
        assert_eq!(Date::MIN.minus(duration), Date::MIN);
        assert_eq!(Instant::MAX.plus(duration), Instant::MAX);
        assert_eq!(Instant::MIN.minus(duration), Instant::MIN);
    }
    assert_eq!(Instant::MAX.date(), Date::MAX);
    assert_eq!(Date::MAX.first_of_next_month(), Date::MAX);
}

#[test]
fn dates_that_do_not_exist() {
    let error = "2011-02-29".parse::<Date>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "\"2011-02-29\" does not exist: that month has days 01 to 28"
    );
    let error = "2011-13-01".parse::<Date>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "\"2011-13-01\" has no month 13; months run from 01 to 12"
    );
    for text in [
        "",
        "2011-2-5",
        "5.2.2011",
        "2011-02-05 ",
        " 2011-02-05",
        "20110205",
        "-0000-01-01",
        "２０11-02-05",
        "2011-02-0x",
        "+2011-02-05",
    ] {
        assert!(
            matches!(text.parse::<Date>(), Err(DateError::Form(_))),
            "{text}"
        );
    }
    assert!("2011-00-10".parse::<Date>().is_err());
    assert!("2011-01-00".parse::<Date>().is_err());
}

#[test]
fn instants_are_converted_to_utc() {
    let instant: Instant = "2010-04-08T01:30:00.250+02:00".parse().unwrap();
    assert_eq!(instant.to_string(), "2010-04-07T23:30:00.25Z");
    assert_eq!(instant.date(), date("2010-04-07"));
    assert!(matches!(
        "2010-04-08T01:30:00".parse::<Instant>(),
        Err(InstantError::Form(_))
    ));
    assert!("2010-04-08T24:00:00Z".parse::<Instant>().is_err());
    assert_eq!(
        "2016-12-31T23:59:60Z".parse::<Instant>().unwrap().date(),
        date("2016-12-31")
    );
    let day: When = "2010-04-08".parse().unwrap();
    assert_eq!(day.latest(), "2010-04-09T00:00:00Z".parse().unwrap());
}
