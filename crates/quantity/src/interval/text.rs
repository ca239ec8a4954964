//! Intervals in words and in data formats.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Interval;
use crate::{Decimal, decimal};

/// Why two bounds make no interval.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IntervalError {
    /// The lower bound is above the upper.
    #[error("the lower bound {lo} is above the upper bound {hi}; exchange them, or correct one")]
    Reversed {
        /// The lower bound.
        lo: Decimal,
        /// The upper bound.
        hi: Decimal,
    },
}

impl fmt::Display for Interval {
    /// `652`, `390 to 410`, `at least 5`, `at most 1550`, or `unknown`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match (self.lo, self.hi) {
            (Some(lo), Some(hi)) if lo == hi => lo.to_string(),
            (Some(lo), Some(hi)) => format!("{lo} to {hi}"),
            (Some(lo), None) => format!("at least {lo}"),
            (None, Some(hi)) => format!("at most {hi}"),
            (None, None) => "unknown".to_owned(),
        };
        f.pad(&text)
    }
}

impl fmt::Debug for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bound = |bound: Option<Decimal>, open: &str| {
            bound.map_or_else(|| open.to_owned(), |bound| bound.to_string())
        };
        write!(f, "[{}, {}]", bound(self.lo, "-∞"), bound(self.hi, "∞"))
    }
}

/// The form in data: `{"lo": 390, "hi": "410.5"}`, `null` where unbounded.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Interval")]
struct Bounds {
    #[serde(with = "decimal::option", default)]
    lo: Option<Decimal>,
    #[serde(with = "decimal::option", default)]
    hi: Option<Decimal>,
}

impl Serialize for Interval {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Bounds {
            lo: self.lo,
            hi: self.hi,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Interval {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Interval, D::Error> {
        let Bounds { lo, hi } = Bounds::deserialize(deserializer)?;
        Interval::try_new(lo, hi).map_err(de::Error::custom)
    }
}

impl Interval {
    /// As [`Interval::new`], with an error that says what is wrong.
    ///
    /// # Errors
    /// When `lo` is above `hi`.
    pub fn try_new(lo: Option<Decimal>, hi: Option<Decimal>) -> Result<Interval, IntervalError> {
        match (Interval::new(lo, hi), lo, hi) {
            (Some(interval), _, _) => Ok(interval),
            (None, Some(lo), Some(hi)) => Err(IntervalError::Reversed { lo, hi }),
            // Unreachable: an open end is never above the other.
            (None, _, _) => Ok(Interval::EVERYTHING),
        }
    }
}
