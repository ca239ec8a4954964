//! What is to be screened.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Which pairs count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pairs {
    /// Every object against every other.
    #[default]
    All,
    /// One of each set: for each object whether it is in the first, and whether it is in the second. An
    /// object may be in both, or in none.
    Between {
        /// Membership of the first set, by order of the objects.
        first: Vec<bool>,
        /// Membership of the second set.
        second: Vec<bool>,
    },
}

impl Pairs {
    /// Whether a pair counts.
    #[must_use]
    pub fn count(&self, one: usize, two: usize) -> bool {
        match self {
            Self::All => true,
            Self::Between { first, second } => {
                let has = |set: &[bool], object: usize| set.get(object).copied().unwrap_or(false);
                has(first, one) && has(second, two) || has(first, two) && has(second, one)
            }
        }
    }

    /// Whether an object can be in a pair that counts.
    pub(crate) fn concern(&self, object: usize) -> bool {
        match self {
            Self::All => true,
            Self::Between { first, second } => {
                first.get(object).copied().unwrap_or(false)
                    || second.get(object).copied().unwrap_or(false)
            }
        }
    }
}

/// A screening.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Beginning of the window, UTC.
    pub start: Timestamp,
    /// Length of the window, seconds.
    pub seconds: f64,
    /// Distance that counts as near, km; above 0 and at most 1000.
    pub threshold: f64,
    /// Which pairs count.
    pub pairs: Pairs,
    /// From how many seconds within the threshold on a pair counts as co-moving.
    pub co_moving_seconds: f64,
    /// Within what distance (km), kept over the whole window, a pair counts as attached.
    pub attached_distance: f64,
    /// How many threads work; 0 counts as 1. The results do not depend on it.
    pub threads: usize,
}

impl Plan {
    /// All against all, with the usual limits: co-moving from five minutes on, attached within 100 m.
    #[must_use]
    pub fn new(start: Timestamp, seconds: f64, threshold: f64) -> Self {
        Self {
            start,
            seconds,
            threshold,
            pairs: Pairs::All,
            co_moving_seconds: 300.0,
            attached_distance: 0.1,
            threads: 1,
        }
    }
}

/// Why a screening cannot begin.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ScreenError {
    /// A threshold out of range.
    #[error("the threshold is {0} km: choose one above 0 and at most 1000 km")]
    Threshold(f64),
    /// A window of no or infinite length.
    #[error("the window is {0} s long: choose above 0 and at most 10 years")]
    Window(f64),
    /// More objects than can be counted.
    #[error("{0} objects are more than the 4 billion that can be screened")]
    TooMany(usize),
    /// A set of [`Pairs::Between`] that does not name every object.
    #[error("a set of pairs has {found} entries for {objects} objects: give one for each object")]
    Sets {
        /// Entries given.
        found: usize,
        /// Objects to be screened.
        objects: usize,
    },
    /// A checkpoint of another screening.
    #[error(
        "the checkpoint belongs to another {0}: resume with the objects and the plan it was taken with"
    )]
    Checkpoint(&'static str),
}

impl Plan {
    pub(crate) fn check(&self, objects: usize) -> Result<(), ScreenError> {
        if !(self.threshold > 0.0 && self.threshold <= 1000.0) {
            return Err(ScreenError::Threshold(self.threshold));
        }
        if !(self.seconds > 0.0 && self.seconds <= 3.2e8) {
            return Err(ScreenError::Window(self.seconds));
        }
        if u32::try_from(objects.saturating_mul(2)).is_err() {
            return Err(ScreenError::TooMany(objects));
        }
        if let Pairs::Between { first, second } = &self.pairs {
            for set in [first, second] {
                if set.len() != objects {
                    return Err(ScreenError::Sets {
                        found: set.len(),
                        objects,
                    });
                }
            }
        }
        Ok(())
    }
}
