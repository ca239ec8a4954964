//! What objects do, as element sets show it: evidence with its numbers, never a verdict.
//!
//! - [`proximity`]: two objects that stay near each other;
//! - [`planes`]: objects whose orbital planes match and stay matched;
//! - [`manoeuvres`]: changes of orbit in one object's history, at a stated rate of false alarms;
//! - [`breakup`]: new pieces whose orbits meet a parent's at one time.
//!
//! Element sets carry no covariance: what is said of uncertainty is the spread that the sets themselves show, or a
//! limit the caller gave. Each finding names the sets that it rests on.

pub mod breakup;
pub mod manoeuvres;
pub mod planes;
pub mod proximity;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::elements::{CatalogNumber, ElementSet};

/// An element set that a finding rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The object.
    pub number: CatalogNumber,
    /// Epoch of its set, UTC.
    pub epoch: Timestamp,
}

impl Basis {
    fn of(set: &ElementSet) -> Self {
        Self {
            number: set.number,
            epoch: set.epoch,
        }
    }
}

/// Secular drift of the ascending node by the Earth's oblateness (J2), degrees a day.
#[must_use]
pub fn node_drift(set: &ElementSet) -> f64 {
    let gravity = crate::propagate::Gravity::WGS72;
    let axis = gravity.semi_major_axis(set);
    let parameter = axis * (1.0 - set.eccentricity * set.eccentricity);
    -1.5 * gravity.j2
        * (gravity.radius / parameter).powi(2)
        * set.mean_motion
        * 360.0
        * set.inclination.to_radians().cos()
}

/// An angle brought between -180 and 180 degrees.
fn wrapped(degrees: f64) -> f64 {
    degrees - 360.0 * (degrees / 360.0).round()
}
