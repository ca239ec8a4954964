//! Lengths of time as agreements state them: hours, days, months.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A length of time as written: years are 12 months, weeks are 7 days.
///
/// Months have no fixed number of days, so a length in months and one in days or hours do not compare
/// ([`Duration::compare`]). Equality is of the writing: 24 hours and 1 day differ under `==` (they move
/// a date alike, but print differently) and are equal under [`Duration::compare`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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
