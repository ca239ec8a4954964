//! An instant: a point on the UTC time scale, to the microsecond.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Date;
use super::date::MICROS_PER_DAY;
use crate::Duration;
use crate::excerpt::shown;

const MICROS_PER_HOUR: i64 = 3_600_000_000;

/// A point in time, UTC, in microseconds since 1970-01-01T00:00:00Z. Eight bytes; ordered by time.
///
/// The range is that of [`Date`], from its first microsecond to its last; arithmetic saturates there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// The start of [`Date::MIN`].
    pub const MIN: Instant = Date::MIN.start();
    /// The last microsecond of [`Date::MAX`].
    pub const MAX: Instant = Instant(Date::MAX.start().0 + MICROS_PER_DAY - 1);

    /// The instant this many microseconds after 1970-01-01T00:00:00Z, saturating at
    /// [`Instant::MIN`] and [`Instant::MAX`].
    #[must_use]
    pub const fn from_micros(micros: i64) -> Instant {
        if micros < Instant::MIN.0 {
            Instant::MIN
        } else if micros > Instant::MAX.0 {
            Instant::MAX
        } else {
            Instant(micros)
        }
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The UTC day in which this instant lies.
    #[must_use]
    pub const fn date(self) -> Date {
        Date::saturating(self.0.div_euclid(MICROS_PER_DAY))
    }

    /// This instant and so much later. Days are 24 hours; months move the date as [`Date::plus`] does
    /// and keep the time of day. Saturates at [`Instant::MAX`].
    #[must_use]
    pub fn plus(self, duration: Duration) -> Instant {
        self.moved(duration, 1)
    }

    /// This instant and so much earlier. Days are 24 hours; months move the date as [`Date::minus`]
    /// does and keep the time of day. Saturates at [`Instant::MIN`].
    #[must_use]
    pub fn minus(self, duration: Duration) -> Instant {
        self.moved(duration, -1)
    }

    /// The start of a day counted from 1970-01-01, of a day in [`Date`]'s range.
    pub(super) const fn from_day_start(day: i32) -> Instant {
        Instant(day as i64 * MICROS_PER_DAY)
    }

    fn moved(self, duration: Duration, sign: i64) -> Instant {
        match duration {
            // u32 hours are 1.5e19 microseconds at most: more than i64 holds, so saturate.
            Duration::Hours(hours) => Instant::from_micros(
                self.0
                    .saturating_add(MICROS_PER_HOUR.saturating_mul(i64::from(hours) * sign)),
            ),
            Duration::Days(days) => Instant::from_micros(
                self.0
                    .saturating_add(MICROS_PER_DAY.saturating_mul(i64::from(days) * sign)),
            ),
            Duration::Months(0) => self,
            Duration::Months(_) => {
                let date = self.date();
                let time_of_day = self.0 - date.start().0;
                let moved = if sign < 0 {
                    date.minus(duration)
                } else {
                    date.plus(duration)
                };
                Instant::from_micros(moved.start().0 + time_of_day)
            }
        }
    }
}

/// Why a text is not an instant. Instants are written as RFC 3339 says: `2010-04-08T12:30:00Z`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InstantError {
    /// The text does not have the form of RFC 3339.
    #[error(
        "\"{0}\" is not an instant; write date, time and offset, such as 2010-04-08T12:30:00Z or 2010-04-08T14:30:00+02:00"
    )]
    Form(String),
    /// The date in it does not exist.
    #[error("the date in \"{text}\" is wrong: {error}")]
    Date {
        /// The text as given.
        text: String,
        /// What is wrong with its date.
        error: super::DateError,
    },
    /// The time of day or the offset does not exist.
    #[error("\"{text}\" has no such {part}: {value}")]
    Part {
        /// The text as given.
        text: String,
        /// Which part is out of range: "hour", "minute", "second", "offset".
        part: &'static str,
        /// That part as written.
        value: String,
    },
    /// Converted to UTC, the instant lies outside the years -9999 to 9999.
    #[error("\"{0}\" lies outside the years -9999 to 9999 in UTC")]
    Range(String),
}

impl FromStr for Instant {
    type Err = InstantError;

    /// Reads an RFC 3339 date-time (`2010-04-08T14:30:00.25+02:00`), strictly, and converts it to UTC.
    ///
    /// The offset is required, `T` and `Z` may be small letters, and a space may stand for `T`, as the
    /// standard allows. Digits of a second past the sixth are dropped. A leap second (`:60`) is read as
    /// the last microsecond of its minute, so that it stays in its day.
    fn from_str(text: &str) -> Result<Instant, InstantError> {
        let form = || InstantError::Form(shown(text));
        let date_length = if text.starts_with('-') { 11 } else { 10 };
        let (Some(date), Some(rest)) = (text.get(..date_length), text.get(date_length..)) else {
            return Err(form());
        };
        let rest = rest.as_bytes();
        let [
            b'T' | b't' | b' ',
            h1,
            h2,
            b':',
            m1,
            m2,
            b':',
            s1,
            s2,
            rest @ ..,
        ] = rest
        else {
            return Err(form());
        };
        let hour = two_digits(*h1, *h2).ok_or_else(form)?;
        let minute = two_digits(*m1, *m2).ok_or_else(form)?;
        let second = two_digits(*s1, *s2).ok_or_else(form)?;
        let (fraction, rest) = match rest {
            [b'.', rest @ ..] => {
                let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                if digits == 0 {
                    return Err(form());
                }
                rest.split_at(digits)
            }
            rest => (&[][..], rest),
        };
        let offset_minutes = match *rest {
            [b'Z' | b'z'] => 0,
            [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
                let hours = two_digits(h1, h2).ok_or_else(form)?;
                let minutes = two_digits(m1, m2).ok_or_else(form)?;
                if hours > 23 || minutes > 59 {
                    return Err(InstantError::Part {
                        text: shown(text),
                        part: "offset",
                        value: format!("{hours:02}:{minutes:02}"),
                    });
                }
                let size = hours * 60 + minutes;
                if sign == b'-' { -size } else { size }
            }
            _ => return Err(form()),
        };
        let date: Date = date.parse().map_err(|error| match error {
            super::DateError::Form(_) => form(),
            error => InstantError::Date {
                text: shown(text),
                error,
            },
        })?;
        for (part, value, most) in [
            ("hour", hour, 23),
            ("minute", minute, 59),
            ("second", second, 60),
        ] {
            if value > most {
                return Err(InstantError::Part {
                    text: shown(text),
                    part,
                    value: format!("{value:02}"),
                });
            }
        }
        let micros_of_second = if second == 60 {
            59_999_999
        } else {
            let mut fraction = fraction.iter();
            let micros = (0..6).fold(0, |sum, _| {
                sum * 10 + fraction.next().map_or(0, |digit| i64::from(digit - b'0'))
            });
            second * 1_000_000 + micros
        };
        let micros =
            date.start().0 + (hour * 60 + minute - offset_minutes) * 60_000_000 + micros_of_second;
        if !(Instant::MIN.0..=Instant::MAX.0).contains(&micros) {
            return Err(InstantError::Range(shown(text)));
        }
        Ok(Instant(micros))
    }
}

fn two_digits(tens: u8, ones: u8) -> Option<i64> {
    (tens.is_ascii_digit() && ones.is_ascii_digit())
        .then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
}

impl fmt::Display for Instant {
    /// Writes RFC 3339 in UTC, with as many digits of a second as are not zero:
    /// `2010-04-08T12:30:00Z`, `2010-04-08T12:30:00.25Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.date();
        let micros = self.0 - date.start().0;
        let (seconds, fraction) = (micros / 1_000_000, micros % 1_000_000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{date}T{hour:02}:{minute:02}:{second:02}")?;
        if fraction != 0 {
            let digits = format!("{fraction:06}");
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Instant;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an instant such as \"2010-04-08T12:30:00Z\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Instant, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}
