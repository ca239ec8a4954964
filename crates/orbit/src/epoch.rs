//! Instants as the messages of this field write them.
//!
//! SGP4 counts UTC days of 86,400 s and knows no leap seconds; so does [`Timestamp`]. An instant inside
//! a leap second (`23:59:60`) is refused rather than moved.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// Why a text is not an instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is not a time: {why}; write 2026-07-16T13:14:32.471808 or 2026-197T13:14:32.471808, in UTC"
)]
pub struct EpochError {
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub why: &'static str,
}

const NANOSECONDS_PER_DAY: i64 = 86_400_000_000_000;

/// Reads a time as people write it: as [`parse_ccsds`], or with a blank for the `T`, without seconds, or a day alone,
/// which stands for its beginning.
///
/// # Errors
/// When the text is not such a time, or lies in a leap second.
pub fn parse(text: &str) -> Result<Timestamp, EpochError> {
    let trimmed = text.trim();
    let bare = trimmed.strip_suffix('Z').unwrap_or(trimmed);
    let (date, clock) = bare.split_once(['T', ' ']).unwrap_or((bare, "00:00:00"));
    let seconds = if clock.matches(':').count() == 1 {
        ":00"
    } else {
        ""
    };
    parse_ccsds(&format!("{date}T{clock}{seconds}")).map_err(|error| EpochError {
        text: trimmed.to_owned(),
        ..error
    })
}

/// Reads a CCSDS ASCII time (CCSDS 301.0-B-4, 3.5): calendar or day-of-year date, `T`, time, optional `Z`.
///
/// Digits beyond the nanosecond are cut off.
///
/// # Errors
/// When the text is not such a time, or lies in a leap second.
pub fn parse_ccsds(text: &str) -> Result<Timestamp, EpochError> {
    let trimmed = text.trim();
    let fail = |why| EpochError {
        text: trimmed.to_owned(),
        why,
    };
    let bare = trimmed.strip_suffix('Z').unwrap_or(trimmed);
    let Some((date, clock)) = bare.split_once('T') else {
        return Err(fail("there is no T between date and time of day"));
    };
    let year = |text: &str| digits(text, 4).and_then(|year| i16::try_from(year).ok());
    let fields: Vec<&str> = date.split('-').collect();
    let date = match fields.as_slice() {
        [y, m, d] => {
            let month = digits(m, 2).and_then(|month| i8::try_from(month).ok());
            let day = digits(d, 2).and_then(|day| i8::try_from(day).ok());
            let (Some(year), Some(month), Some(day)) = (year(y), month, day) else {
                return Err(fail("the date is not YYYY-MM-DD"));
            };
            Date::new(year, month, day).map_err(|_| fail("there is no such date"))?
        }
        [y, day] => {
            let day = digits(day, 3).and_then(|day| i16::try_from(day).ok());
            let (Some(year), Some(day)) = (year(y), day) else {
                return Err(fail("the date is not YYYY-DDD"));
            };
            day_of_year(year, day).ok_or_else(|| fail("there is no such day of the year"))?
        }
        _ => return Err(fail("the date is neither YYYY-MM-DD nor YYYY-DDD")),
    };
    let mut clock_fields = clock.split(':');
    let hour = clock_fields.next().and_then(|hour| digits(hour, 2));
    let minute = clock_fields.next().and_then(|minute| digits(minute, 2));
    let Some(second) = clock_fields.next() else {
        return Err(fail("the time of day is not HH:MM:SS"));
    };
    if clock_fields.next().is_some() {
        return Err(fail("the time of day is not HH:MM:SS"));
    }
    let (whole, fraction) = second.split_once('.').unwrap_or((second, ""));
    let (Some(hour), Some(minute), Some(whole)) = (hour, minute, digits(whole, 2)) else {
        return Err(fail("the time of day is not HH:MM:SS"));
    };
    if whole == 60 {
        return Err(fail("it lies in a leap second, which SGP4 does not know"));
    }
    if hour > 23 || minute > 59 || whole > 59 {
        return Err(fail("there is no such time of day"));
    }
    let fraction = fraction_of_second(fraction)
        .ok_or_else(|| fail("the fraction of a second is not digits"))?;
    let nanoseconds = ((hour * 60 + minute) * 60 + whole) * 1_000_000_000 + fraction;
    instant(date, nanoseconds).ok_or_else(|| fail("it is out of range"))
}

/// Writes a CCSDS calendar time in UTC, to the microsecond or, where needed, to the nanosecond.
#[must_use]
pub fn format(instant: Timestamp) -> String {
    let civil = Offset::UTC.to_datetime(instant);
    let nanosecond = civil.subsec_nanosecond();
    let head = format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
        civil.year(),
        civil.month(),
        civil.day(),
        civil.hour(),
        civil.minute(),
        civil.second()
    );
    if nanosecond % 1000 == 0 {
        format!("{head}.{:06}", nanosecond / 1000)
    } else {
        format!("{head}.{nanosecond:09}")
    }
}

/// The instant of a year and a day of the year with its fraction, both as in a two-line set:
/// day 1.0 is 1 January, 00:00. `fraction` is the digits after the point.
pub(crate) fn from_day_of_year(year: i16, day: i16, fraction: &str) -> Option<Timestamp> {
    let date = day_of_year(year, day)?;
    // 14 digits of a day are 0.9 ns; more cannot matter.
    let mut scaled: i128 = 0;
    let mut scale: i128 = 1;
    for byte in fraction.bytes().take(14) {
        if !byte.is_ascii_digit() {
            return None;
        }
        scaled = scaled * 10 + i128::from(byte - b'0');
        scale *= 10;
    }
    let nanoseconds = (scaled * i128::from(NANOSECONDS_PER_DAY) + scale / 2) / scale;
    instant(date, i64::try_from(nanoseconds).ok()?)
}

/// Year, day of the year, and the nanosecond of the day.
pub(crate) fn to_day_of_year(instant: Timestamp) -> (i16, i16, i64) {
    let civil = Offset::UTC.to_datetime(instant);
    let since_midnight = instant
        .as_nanosecond()
        .rem_euclid(i128::from(NANOSECONDS_PER_DAY));
    (
        civil.year(),
        civil.date().day_of_year(),
        i64::try_from(since_midnight).unwrap_or(0),
    )
}

/// Days (of 86,400 s) since 1950 January 0, 0 h UTC, the zero of the report's time scale.
///
/// The reference implementation keeps a Julian date in one double, 0.04 ms apart. Its published vectors
/// show that rounding (4 mm for a very eccentric orbit), so it is kept.
pub(crate) fn days_since_1950(instant: Timestamp) -> f64 {
    // 1970-01-01T00:00 is JD 2440587.5.
    let nanoseconds = instant.as_nanosecond();
    let day = nanoseconds.div_euclid(i128::from(NANOSECONDS_PER_DAY));
    let rest = nanoseconds.rem_euclid(i128::from(NANOSECONDS_PER_DAY));
    let julian = (day as f64 + 2_440_587.5) + rest as f64 / NANOSECONDS_PER_DAY as f64;
    julian - 2_433_281.5
}

/// Minutes from one instant to another.
pub(crate) fn minutes_between(from: Timestamp, to: Timestamp) -> f64 {
    let nanoseconds = to.as_nanosecond() - from.as_nanosecond();
    let whole = nanoseconds.div_euclid(60_000_000_000);
    let rest = nanoseconds.rem_euclid(60_000_000_000);
    whole as f64 + rest as f64 / 60e9
}

/// An instant some seconds after another, to the nanosecond; kept within the calendar.
#[must_use]
pub fn after(instant: Timestamp, seconds: f64) -> Timestamp {
    let nanoseconds = instant.as_nanosecond() + (seconds * 1e9).round() as i128;
    let bounded = nanoseconds.clamp(
        Timestamp::MIN.as_nanosecond(),
        Timestamp::MAX.as_nanosecond(),
    );
    Timestamp::from_nanosecond(bounded).unwrap_or(instant)
}

/// Seconds from one instant to another.
#[must_use]
pub fn seconds_between(from: Timestamp, to: Timestamp) -> f64 {
    let nanoseconds = to.as_nanosecond() - from.as_nanosecond();
    let whole = nanoseconds.div_euclid(1_000_000_000);
    whole as f64 + nanoseconds.rem_euclid(1_000_000_000) as f64 / 1e9
}

fn digits(text: &str, length: usize) -> Option<i64> {
    if text.len() != length || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn fraction_of_second(text: &str) -> Option<i64> {
    let mut nanoseconds = 0;
    let mut weight = 100_000_000;
    for byte in text.bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        nanoseconds += i64::from(byte - b'0') * weight;
        weight /= 10;
    }
    Some(nanoseconds)
}

fn day_of_year(year: i16, day: i16) -> Option<Date> {
    let first = Date::new(year, 1, 1).ok()?;
    if day < 1 || day > first.days_in_year() {
        return None;
    }
    first
        .checked_add(jiff::Span::new().try_days(day - 1).ok()?)
        .ok()
}

fn instant(date: Date, nanoseconds: i64) -> Option<Timestamp> {
    let midnight = Offset::UTC
        .to_timestamp(date.to_datetime(jiff::civil::Time::midnight()))
        .ok()?;
    Timestamp::from_nanosecond(midnight.as_nanosecond() + i128::from(nanoseconds)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_forms_agree() {
        let calendar = parse("2007-03-05T10:34:41.4264").unwrap();
        assert_eq!(calendar, parse("2007-064T10:34:41.4264Z").unwrap());
        assert_eq!(format(calendar), "2007-03-05T10:34:41.426400");
        // 2023 day 282.54072583, the epoch of a published element set, to the nanosecond.
        let epoch = from_day_of_year(2023, 282, "54072583").unwrap();
        assert_eq!(format(epoch), "2023-10-09T12:58:38.711712");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for wrong in [
            "",
            "T",
            "2023-02-29T00:00:00",
            "2023-366T00:00:00",
            "2024-000T00:00:00",
            "2016-12-31T23:59:60",
            "2023-1-1T00:00:00",
            "2023-01-01T24:00:00",
            "2023-01-01T00:00:00.5x",
            "2023-01-01T00:00:00:00",
            "99999-01-01T00:00:00",
            "2023-01-01T-1:00:00",
            "२०२३-०१-०१T00:00:00",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn days_since_1950_at_a_known_date() {
        // JD 2451545.0 (2000-01-01T12:00) less 2433281.5.
        assert_eq!(
            days_since_1950(parse("2000-01-01T12:00:00").unwrap()),
            18263.5
        );
    }
}
