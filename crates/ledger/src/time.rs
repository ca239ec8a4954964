//! Seconds since the Epoch, as cosignatures carry them. The library never reads a clock: whoever calls it says what time it is.

use std::fmt;

use crate::encoding::LARGEST;

/// A POSIX time in whole seconds, at most 2⁶³ − 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The time so many seconds after 1970-01-01T00:00:00Z; `None` past 2⁶³ − 1.
    #[must_use]
    pub const fn from_seconds(seconds: u64) -> Option<Timestamp> {
        if seconds > LARGEST {
            None
        } else {
            Some(Timestamp(seconds))
        }
    }

    /// Seconds since the Epoch.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}
