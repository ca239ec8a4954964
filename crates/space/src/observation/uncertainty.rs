//! How far from its element set an object may be.

use detente_orbit::elements::ElementSet;
use jiff::Timestamp;
use serde::Serialize;

/// An assumed error of positions from element sets, which carry no covariance: so many km at epoch, and so many more for each day from it.
///
/// It is an assumption of whoever reckons with it, is written into every entry that rests on it, and is no measurement. The default is 1 km
/// and 1 km a day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ElementError {
    /// Error at epoch, km.
    pub at_epoch: f64,
    /// Growth, km a day, before epoch as after it.
    pub per_day: f64,
}

impl Default for ElementError {
    fn default() -> Self {
        Self {
            at_epoch: 1.0,
            per_day: 1.0,
        }
    }
}

impl ElementError {
    /// The error of one object's position at an instant, km.
    #[must_use]
    pub fn of(&self, set: &ElementSet, at: Timestamp) -> f64 {
        self.at_epoch + self.per_day * age(set, at).abs()
    }
}

/// Days from an element set's epoch to an instant.
pub(super) fn age(set: &ElementSet, at: Timestamp) -> f64 {
    detente_orbit::epoch::seconds_between(set.epoch, at) / 86_400.0
}
