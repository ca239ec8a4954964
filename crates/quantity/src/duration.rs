//! Lengths of time as agreements state them: hours, days, months.

use std::cmp::Ordering;
use std::fmt;

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::excerpt::shown;

/// A length of time as written: years are 12 months, weeks are 7 days.
///
/// Months have no fixed number of days, so a length in months and one in days or hours do not compare
/// ([`Duration::compare`]). Equality is of the writing: 24 hours and 1 day differ under `==` (they move
/// a date alike, but print differently) and are equal under [`Duration::compare`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Duration {
    /// So many hours.
    Hours(u32),
    /// So many days of 24 hours.
    Days(u32),
    /// So many calendar months.
    Months(u32),
}

impl Duration {
    /// So many weeks of 7 days; `None` beyond `u32` days.
    #[must_use]
    pub const fn weeks(weeks: u32) -> Option<Duration> {
        match weeks.checked_mul(7) {
            Some(days) => Some(Duration::Days(days)),
            None => None,
        }
    }

    /// So many years of 12 months; `None` beyond `u32` months.
    #[must_use]
    pub const fn years(years: u32) -> Option<Duration> {
        match years.checked_mul(12) {
            Some(months) => Some(Duration::Months(months)),
            None => None,
        }
    }

    /// So many times as long, for the dates of a schedule: the third of "every month from 31 January" is
    /// 31 January plus 2 months in one step. Saturates at `u32::MAX` hours, days or months, which is past
    /// the end of the calendar in days and months, and 490,000 years in hours.
    #[must_use]
    pub const fn times(self, count: u32) -> Duration {
        match self {
            Duration::Hours(hours) => Duration::Hours(hours.saturating_mul(count)),
            Duration::Days(days) => Duration::Days(days.saturating_mul(count)),
            Duration::Months(months) => Duration::Months(months.saturating_mul(count)),
        }
    }

    /// Whether the length is nothing at all.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        matches!(
            self,
            Duration::Hours(0) | Duration::Days(0) | Duration::Months(0)
        )
    }

    /// Which is longer. `None` for months against days or hours: a month has 28 to 31 days, and this
    /// library refuses to guess.
    #[must_use]
    pub fn compare(self, other: Duration) -> Option<Ordering> {
        match (self.hours(), other.hours()) {
            (Ok(ours), Ok(theirs)) => Some(ours.cmp(&theirs)),
            (Err(ours), Err(theirs)) => Some(ours.cmp(&theirs)),
            _ => None,
        }
    }

    /// The length in hours, or else in months.
    fn hours(self) -> Result<u64, u32> {
        match self {
            Duration::Hours(hours) => Ok(u64::from(hours)),
            Duration::Days(days) => Ok(u64::from(days) * 24),
            Duration::Months(months) => Err(months),
        }
    }
}

impl fmt::Display for Duration {
    /// Whole years print as years: `10 years`, `45 days`, `18 months`, `24 hours`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, unit) = match *self {
            Duration::Hours(hours) => (hours, "hour"),
            Duration::Days(days) => (days, "day"),
            Duration::Months(months) if months > 0 && months % 12 == 0 => (months / 12, "year"),
            Duration::Months(months) => (months, "month"),
        };
        write!(f, "{number} {unit}{}", if number == 1 { "" } else { "s" })
    }
}

/// Why a text is not a length of time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DurationError {
    /// The text is not a number and a unit.
    #[error(
        "\"{0}\" is not a length of time; write a whole number and a unit, such as \"45 days\""
    )]
    Form(String),
    /// The unit is none of those known.
    #[error(
        "\"{text}\": there is no length of time \"{unit}\"; use hours, days, weeks, months or years"
    )]
    Unit {
        /// The text as given.
        text: String,
        /// The unit in it.
        unit: String,
    },
    /// The number is too large.
    #[error("\"{0}\" is too long; the most is 4294967295 hours, days or months")]
    TooLong(String),
}

impl FromStr for Duration {
    type Err = DurationError;

    /// Reads what [`Duration`] prints, and weeks: `24 hours`, `45 days`, `2 weeks`, `18 months`,
    /// `10 years`; the `s` may be left out.
    fn from_str(text: &str) -> Result<Duration, DurationError> {
        let form = || DurationError::Form(shown(text));
        let (number, unit) = text.trim().split_once(' ').ok_or_else(form)?;
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(form());
        }
        let number: Option<u32> = number.parse().ok();
        let unit = unit.trim_start();
        let duration = match unit.strip_suffix('s').unwrap_or(unit) {
            "hour" => number.map(Duration::Hours),
            "day" => number.map(Duration::Days),
            "week" => number.and_then(Duration::weeks),
            "month" => number.map(Duration::Months),
            "year" => number.and_then(Duration::years),
            _ => {
                return Err(DurationError::Unit {
                    text: shown(text),
                    unit: shown(unit),
                });
            }
        };
        duration.ok_or_else(|| DurationError::TooLong(shown(text)))
    }
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Duration;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a length of time such as \"45 days\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Duration, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}
