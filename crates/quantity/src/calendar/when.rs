//! When something happened: known to the day, or to the instant.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Date, DateError, Instant, InstantError};

/// The time of an event: some day, the hour unknown, or an instant.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// Some time on this UTC day.
    Day(Date),
    /// At this instant.
    At(Instant),
}

impl When {
    /// The UTC day on which it happened.
    #[must_use]
    pub const fn date(self) -> Date {
        match self {
            When::Day(date) => date,
            When::At(instant) => instant.date(),
        }
    }

    /// The earliest instant at which it can have happened: for a day, its start.
    #[must_use]
    pub const fn earliest(self) -> Instant {
        match self {
            When::Day(date) => date.start(),
            When::At(instant) => instant,
        }
    }

    /// The latest instant at which it can have happened. For a day this is its end, which is the start
    /// of the next day and itself excluded; an instant answers itself, included.
    #[must_use]
    pub const fn latest(self) -> Instant {
        match self {
            When::Day(date) => date.end(),
            When::At(instant) => instant,
        }
    }
}

impl Ord for When {
    /// By the earliest instant possible, then by the latest: an instant at midnight comes before the day
    /// that it begins.
    fn cmp(&self, other: &When) -> Ordering {
        (self.earliest(), self.latest()).cmp(&(other.earliest(), other.latest()))
    }
}

impl PartialOrd for When {
    fn partial_cmp(&self, other: &When) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<Date> for When {
    fn from(date: Date) -> When {
        When::Day(date)
    }
}

impl From<Instant> for When {
    fn from(instant: Instant) -> When {
        When::At(instant)
    }
}

/// Why a text is neither a date nor an instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WhenError {
    /// It was read as a date, which it is not.
    #[error(transparent)]
    Date(#[from] DateError),
    /// It was read as an instant (something follows the date), which it is not.
    #[error(transparent)]
    Instant(#[from] InstantError),
}

impl FromStr for When {
    type Err = WhenError;

    /// Reads a date (`2010-04-08`) or an RFC 3339 instant (`2010-04-08T12:30:00Z`).
    fn from_str(text: &str) -> Result<When, WhenError> {
        let date_length = if text.starts_with('-') { 11 } else { 10 };
        if text.len() > date_length {
            Ok(When::At(text.parse()?))
        } else {
            Ok(When::Day(text.parse()?))
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            When::Day(date) => date.fmt(f),
            When::At(instant) => instant.fmt(f),
        }
    }
}

impl fmt::Debug for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<When, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = When;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a date such as \"2010-04-08\" or an instant such as \"2010-04-08T12:30:00Z\"",
                )
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<When, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}
