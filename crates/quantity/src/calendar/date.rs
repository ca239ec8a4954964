//! A date: one whole UTC day of the proleptic Gregorian calendar.

use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;
use jiff::civil;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Instant;
use crate::Duration;
use crate::excerpt::shown;

/// Microseconds in a day; UTC days all have the same length here (leap seconds are folded away).
pub(super) const MICROS_PER_DAY: i64 = 86_400_000_000;

/// Days from 1970-01-01 to -9999-01-01, the first day that the calendar library knows.
const FIRST_DAY: i32 = -4_371_587;
/// Days from 1970-01-01 to 9999-12-31, the last day that the calendar library knows.
const LAST_DAY: i32 = 2_932_896;

const EPOCH: civil::Date = civil::date(1970, 1, 1);

/// A whole UTC day, from -9999-01-01 to 9999-12-31. Four bytes; ordered by time.
///
/// Arithmetic saturates at [`Date::MIN`] and [`Date::MAX`]: an obligation "for 100,000 years" runs to
/// the end of the calendar, and no input can make a sum wrap around.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// The first date there is: 1 January of the year -9999.
    pub const MIN: Date = Date(FIRST_DAY);
    /// The last date there is: 31 December 9999.
    pub const MAX: Date = Date(LAST_DAY);

    /// The day with this year (-9999 to 9999), month (1 to 12) and day of the month (from 1).
    /// `None` when the calendar has no such day.
    ///
    /// Counted by arithmetic, since readers of large records need it millions of times: days of whole years
    /// that begin in March, so that the leap day comes last. A test holds it against the calendar library
    /// for every day there is.
    #[must_use]
    pub const fn from_ymd(year: i32, month: u8, day: u8) -> Option<Date> {
        const LENGTHS: [u8; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        /// Days from 0000-03-01 to 1970-01-01.
        const TO_EPOCH: i32 = 719_468;
        if year < -9999 || year > 9999 || month < 1 || month > 12 || day < 1 {
            return None;
        }
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let leap_day = (month == 2 && is_leap) as u8;
        if day > LENGTHS[month as usize - 1] + leap_day {
            return None;
        }
        let (years, months) = if month > 2 {
            (year, month as i32 - 3)
        } else {
            (year - 1, month as i32 + 9)
        };
        let leap_days = years.div_euclid(4) - years.div_euclid(100) + years.div_euclid(400);
        // Months from March on alternate between 31 and 30 days in fives of 153 days.
        let before = years * 365 + leap_days + (153 * months + 2) / 5;
        Some(Date(before + day as i32 - 1 - TO_EPOCH))
    }

    /// The day that lies this many days after 1970-01-01 (before it, when negative).
    /// `None` outside the years -9999 to 9999.
    #[must_use]
    pub const fn from_days(days: i32) -> Option<Date> {
        if days < FIRST_DAY || days > LAST_DAY {
            None
        } else {
            Some(Date(days))
        }
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn days(self) -> i32 {
        self.0
    }

    /// The year, from -9999 to 9999.
    #[must_use]
    pub fn year(self) -> i32 {
        i32::from(self.to_civil().year())
    }

    /// The month, from 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.to_civil().month().unsigned_abs()
    }

    /// The day of the month, from 1 to 31.
    #[must_use]
    pub fn day(self) -> u8 {
        self.to_civil().day().unsigned_abs()
    }

    /// This date and so much later.
    ///
    /// * Days are whole days: 2011-02-05 plus 45 days is 2011-03-22.
    /// * Months keep the day of the month, clamped to the last day of a shorter month: 31 January plus
    ///   1 month is 28 February (29 in a leap year).
    /// * Hours count from the start of this day, and the answer is the day in which they end: plus 23
    ///   hours is the same day, plus 24 hours the next.
    ///
    /// Saturates at [`Date::MAX`].
    #[must_use]
    pub fn plus(self, duration: Duration) -> Date {
        match duration {
            Duration::Hours(hours) => self.shifted(i64::from(hours / 24)),
            Duration::Days(days) => self.shifted(i64::from(days)),
            Duration::Months(months) => self.months_later(i64::from(months)),
        }
    }

    /// This date and so much earlier.
    ///
    /// * Months are clamped as in [`Date::plus`]: 31 May minus 1 month is 30 April.
    /// * Hours count back from the start of this day, and the answer is the day in which they end:
    ///   minus 1 hour is the day before, minus 24 hours as well, minus 25 hours the day before that.
    ///
    /// Saturates at [`Date::MIN`].
    #[must_use]
    pub fn minus(self, duration: Duration) -> Date {
        match duration {
            Duration::Hours(hours) => self.shifted(-i64::from(hours.div_ceil(24))),
            Duration::Days(days) => self.shifted(-i64::from(days)),
            Duration::Months(months) => self.months_later(-i64::from(months)),
        }
    }

    /// This date moved by whole days, earlier when negative. Saturates.
    #[must_use]
    pub const fn plus_days(self, days: i32) -> Date {
        Date::saturating(self.0 as i64 + days as i64)
    }

    /// The following day ([`Date::MAX`] has none and answers itself).
    #[must_use]
    pub const fn next(self) -> Date {
        self.plus_days(1)
    }

    /// The day before ([`Date::MIN`] has none and answers itself).
    #[must_use]
    pub const fn previous(self) -> Date {
        self.plus_days(-1)
    }

    /// Whole days from `earlier` to this date; negative when `earlier` is in truth later.
    #[must_use]
    pub const fn days_since(self, earlier: Date) -> i32 {
        // Both lie within 7.4 million days of each other: no overflow.
        self.0 - earlier.0
    }

    /// The instant at which this day begins: midnight UTC.
    #[must_use]
    pub const fn start(self) -> Instant {
        Instant::from_day_start(self.0)
    }

    /// The instant at which this day is over: the start of the next day. ([`Date::MAX`] has no next day
    /// and answers [`Instant::MAX`], its last microsecond.)
    #[must_use]
    pub const fn end(self) -> Instant {
        if self.0 == LAST_DAY {
            Instant::MAX
        } else {
            Instant::from_day_start(self.0 + 1)
        }
    }

    /// The first day of this date's month.
    #[must_use]
    pub fn first_of_month(self) -> Date {
        Date::from_civil(self.to_civil().first_of_month())
    }

    /// The first day of the month after this date's ([`Date::MAX`] when the calendar ends first).
    #[must_use]
    pub fn first_of_next_month(self) -> Date {
        Date::from_civil(self.to_civil().last_of_month()).next()
    }

    /// The day that contains the given count of days since 1970-01-01, saturating.
    pub(super) const fn saturating(days: i64) -> Date {
        if days < FIRST_DAY as i64 {
            Date::MIN
        } else if days > LAST_DAY as i64 {
            Date::MAX
        } else {
            Date(days as i32)
        }
    }

    fn shifted(self, days: i64) -> Date {
        Date::saturating(i64::from(self.0) + days)
    }

    fn months_later(self, months: i64) -> Date {
        let span = jiff::Span::new().try_months(months);
        match span.and_then(|span| self.to_civil().checked_add(span)) {
            Ok(date) => Date::from_civil(date),
            Err(_) if months < 0 => Date::MIN,
            Err(_) => Date::MAX,
        }
    }

    fn to_civil(self) -> civil::Date {
        EPOCH.saturating_add(SignedDuration::from_hours(i64::from(self.0) * 24))
    }

    fn from_civil(date: civil::Date) -> Date {
        Date::saturating(date.duration_since(EPOCH).as_hours() / 24)
    }
}

/// Why a text is not a date. Dates are written `2010-04-08`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DateError {
    /// The text does not have the form `YYYY-MM-DD`.
    #[error("\"{0}\" is not a date; write year-month-day, such as 2010-04-08")]
    Form(String),
    /// There is no such month.
    #[error("\"{text}\" has no month {month}; months run from 01 to 12")]
    Month {
        /// The text as given.
        text: String,
        /// The month in it.
        month: u8,
    },
    /// The month has no such day.
    #[error("\"{text}\" does not exist: that month has days 01 to {last}")]
    Day {
        /// The text as given.
        text: String,
        /// The last day that this month has in this year.
        last: u8,
    },
}

impl FromStr for Date {
    type Err = DateError;

    /// Reads `YYYY-MM-DD`, strictly: four digits of year (a leading `-` for years before 0), two of
    /// month, two of day, nothing around them.
    fn from_str(text: &str) -> Result<Date, DateError> {
        let form = || DateError::Form(shown(text));
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest.as_bytes()),
            None => (false, text.as_bytes()),
        };
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *digits else {
            return Err(form());
        };
        let number = |digits: &[u8]| {
            digits.iter().try_fold(0i32, |sum, digit| {
                digit
                    .is_ascii_digit()
                    .then(|| sum * 10 + i32::from(digit - b'0'))
            })
        };
        let (Some(year), Some(month), Some(day)) = (
            number(&[y1, y2, y3, y4]),
            number(&[m1, m2]),
            number(&[d1, d2]),
        ) else {
            return Err(form());
        };
        if negative && year == 0 {
            return Err(form());
        }
        let year = if negative { -year } else { year };
        // Two digits: at most 99.
        let (month, day) = (month as u8, day as u8);
        if let Some(date) = Date::from_ymd(year, month, day) {
            return Ok(date);
        }
        match Date::from_ymd(year, month, 1) {
            None => Err(DateError::Month {
                text: text.to_owned(),
                month,
            }),
            Some(first) => Err(DateError::Day {
                text: text.to_owned(),
                last: first.to_civil().days_in_month().unsigned_abs(),
            }),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.to_civil();
        let year = date.year();
        let sign = if year < 0 { "-" } else { "" };
        let text = format_args!(
            "{sign}{:04}-{:02}-{:02}",
            year.unsigned_abs(),
            date.month(),
            date.day()
        );
        match f.width() {
            None => f.write_fmt(text),
            Some(_) => f.pad(&text.to_string()),
        }
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Date;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date such as \"2010-04-08\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Date, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}
