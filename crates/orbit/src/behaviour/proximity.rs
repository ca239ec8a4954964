//! Two objects that stay near each other for long.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Basis, wrapped};
use crate::elements::ElementSet;
use crate::epoch;
use crate::propagate::{PropagationError, Propagator};

/// What counts as staying near.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProximityLimits {
    /// Distance within which the two are near, km.
    pub distance: f64,
    /// Shortest stay, hours. Longer than a pass and than half a turn: a bounded relative orbit, not a meeting.
    pub hours: f64,
    /// Step of looking, seconds; stays shorter than it may be missed, as may absences.
    pub step: f64,
}

impl Default for ProximityLimits {
    /// 50 km for three hours (two turns of a low orbit), looked at each minute.
    fn default() -> Self {
        Self {
            distance: 50.0,
            hours: 3.0,
            step: 60.0,
        }
    }
}

/// Relative orbital elements, each times the first object's semi-major axis: km.
///
/// D'Amico, "Autonomous formation flying in low Earth orbit" (thesis, Delft 2010), section 2.1: with no difference of the
/// axes the relative orbit is closed; it is an ellipse of half the height `eccentricity` in the plane, and swings by
/// `inclination` across it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RelativeOrbit {
    /// Difference of the semi-major axes: the two drift apart by 3π times it in each turn.
    pub axis: f64,
    /// Difference of the mean longitudes: how far ahead the second is.
    pub longitude: f64,
    /// Relative eccentricity vector.
    pub eccentricity: [f64; 2],
    /// Relative inclination vector.
    pub inclination: [f64; 2],
    /// Drift along the track, km a day.
    pub drift: f64,
}

/// A stay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proximity {
    /// The sets it rests on.
    pub basis: [Basis; 2],
    /// When the second came within the distance; the window's start if it was.
    pub enter: Timestamp,
    /// When it left; the window's end if it did not.
    pub leave: Timestamp,
    /// Whether it was near when the window began.
    pub since_before: bool,
    /// Whether it still was when the window ended.
    pub until_after: bool,
    /// The nearest moment.
    pub nearest: Timestamp,
    /// Distance then, km.
    pub distance: f64,
    /// Largest distance at any step of the stay, km.
    pub farthest: f64,
    /// The relative orbit by the mean elements at the middle of the stay.
    pub relative: RelativeOrbit,
    /// Age of the older set at the farther end of the stay, days: element sets err by about a kilometre and more each day
    /// in low orbits, so distances far below this times a kilometre say little.
    pub oldest: f64,
}

/// Why no stays can be looked for.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ProximityError {
    /// The limits or the window.
    #[error(
        "distance, hours and step must be positive, the window longer than a step and at most ten million steps"
    )]
    Limits,
    /// One of the two cannot be followed.
    #[error("object {number} cannot be followed: {error}")]
    Propagation {
        /// Which object.
        number: crate::elements::CatalogNumber,
        /// Why.
        error: PropagationError,
    },
}

/// The stays of a second object near a first, in a window of so many seconds.
///
/// # Errors
/// [`ProximityError`].
pub fn stays(
    first: &ElementSet,
    second: &ElementSet,
    start: Timestamp,
    seconds: f64,
    limits: &ProximityLimits,
) -> Result<Vec<Proximity>, ProximityError> {
    let steps = (seconds / limits.step).ceil();
    let positive = limits.distance > 0.0 && limits.hours > 0.0 && limits.step > 0.0;
    if !(positive && (1.0..=1e7).contains(&steps) && seconds.is_finite()) {
        return Err(ProximityError::Limits);
    }
    let pair = Pair::of(first, second, start)?;
    let mut found = Vec::new();
    // The stay that goes on: when it began, whether before the window, its nearest step and its farthest.
    let mut open: Option<(f64, bool, (f64, f64), f64)> = None;
    let mut before = 0.0;
    for index in 0..=steps as u64 {
        let time = (index as f64 * limits.step).min(seconds);
        let distance = pair.distance(time)?;
        let near = distance <= limits.distance;
        match (&mut open, near) {
            (Some((_, _, nearest, farthest)), true) => {
                if distance < nearest.1 {
                    *nearest = (time, distance);
                }
                *farthest = farthest.max(distance);
            }
            (None, true) => {
                let enter = if index == 0 {
                    0.0
                } else {
                    pair.crossing(before, time, limits.distance)?
                };
                open = Some((enter, index == 0, (time, distance), distance));
            }
            (Some(stay), false) => {
                let leave = pair.crossing(before, time, limits.distance)?;
                found.extend(pair.tell(*stay, leave, false, seconds, limits)?);
                open = None;
            }
            (None, false) => {}
        }
        before = time;
    }
    if let Some(stay) = open {
        found.extend(pair.tell(stay, seconds, true, seconds, limits)?);
    }
    Ok(found)
}

/// Relative elements of two sets at an instant, each carried there by its mean motion and the drift of its node and
/// pericentre (J2).
#[must_use]
pub fn relative_orbit(
    first: &ElementSet,
    second: &ElementSet,
    instant: Timestamp,
) -> RelativeOrbit {
    let (one, two) = (Mean::at(first, instant), Mean::at(second, instant));
    let axis = one.axis;
    let node = wrapped(two.node - one.node).to_radians();
    let (sine, cosine) = first.inclination.to_radians().sin_cos();
    let argument = |mean: &Mean| mean.apse + mean.anomaly;
    let vector = |set: &ElementSet, mean: &Mean| {
        let (sine, cosine) = mean.apse.to_radians().sin_cos();
        [set.eccentricity * cosine, set.eccentricity * sine]
    };
    let (a, b) = (vector(first, &one), vector(second, &two));
    RelativeOrbit {
        axis: two.axis - axis,
        longitude: axis * (wrapped(argument(&two) - argument(&one)).to_radians() + node * cosine),
        eccentricity: [axis * (b[0] - a[0]), axis * (b[1] - a[1])],
        inclination: [
            axis * (second.inclination - first.inclination).to_radians(),
            axis * node * sine,
        ],
        drift: axis * (second.mean_motion - first.mean_motion) * std::f64::consts::TAU,
    }
}

/// Mean elements at an instant, degrees and km.
struct Mean {
    axis: f64,
    node: f64,
    apse: f64,
    anomaly: f64,
}

impl Mean {
    fn at(set: &ElementSet, instant: Timestamp) -> Self {
        let days = epoch::seconds_between(set.epoch, instant) / 86_400.0;
        let node_drift = super::node_drift(set);
        let cosine = set.inclination.to_radians().cos();
        // The drift of the pericentre is to that of the node as (5 cos² i - 1) / (-2 cos i); written without division.
        let gravity = crate::propagate::Gravity::WGS72;
        let axis = gravity.semi_major_axis(set);
        let parameter = axis * (1.0 - set.eccentricity.powi(2));
        let apse_drift = 0.75
            * gravity.j2
            * (gravity.radius / parameter).powi(2)
            * set.mean_motion
            * 360.0
            * (5.0 * cosine * cosine - 1.0);
        Self {
            axis,
            node: set.ascending_node + node_drift * days,
            apse: set.argument_of_pericentre + apse_drift * days,
            anomaly: set.mean_anomaly
                + 360.0 * (set.mean_motion * days + set.mean_motion_dot * days * days),
        }
    }
}

struct Pair<'a> {
    sets: [&'a ElementSet; 2],
    models: [Propagator; 2],
    start: Timestamp,
}

impl<'a> Pair<'a> {
    fn of(
        first: &'a ElementSet,
        second: &'a ElementSet,
        start: Timestamp,
    ) -> Result<Self, ProximityError> {
        let model = |set: &ElementSet| {
            Propagator::new(set).map_err(|error| ProximityError::Propagation {
                number: set.number,
                error,
            })
        };
        Ok(Self {
            models: [model(first)?, model(second)?],
            sets: [first, second],
            start,
        })
    }

    fn distance(&self, seconds: f64) -> Result<f64, ProximityError> {
        let at = |which: usize| {
            let set = self.sets[which];
            let offset = epoch::seconds_between(set.epoch, self.start);
            self.models[which]
                .after_minutes((offset + seconds) / 60.0)
                .map_err(|error| ProximityError::Propagation {
                    number: set.number,
                    error,
                })
        };
        let (a, b) = (at(0)?.position, at(1)?.position);
        Ok((0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt())
    }

    /// When the distance crosses a limit between two times, to a hundredth of a second.
    fn crossing(&self, low: f64, high: f64, limit: f64) -> Result<f64, ProximityError> {
        let (mut low, mut high) = (low, high);
        let near = self.distance(low)? <= limit;
        while high - low > 0.01 {
            let middle = 0.5 * (low + high);
            if (self.distance(middle)? <= limit) == near {
                low = middle
            } else {
                high = middle
            }
        }
        Ok(0.5 * (low + high))
    }

    fn tell(
        &self,
        (enter, since_before, nearest, farthest): (f64, bool, (f64, f64), f64),
        leave: f64,
        until_after: bool,
        window: f64,
        limits: &ProximityLimits,
    ) -> Result<Option<Proximity>, ProximityError> {
        if leave - enter < limits.hours * 3600.0 {
            return Ok(None);
        }
        // The nearest moment about the nearest step: golden section.
        let (mut low, mut high) = (
            (nearest.0 - limits.step).max(0.0),
            (nearest.0 + limits.step).min(window),
        );
        while high - low > 0.01 {
            let (a, b) = (low + 0.382 * (high - low), low + 0.618 * (high - low));
            if self.distance(a)? <= self.distance(b)? {
                high = b
            } else {
                low = a
            }
        }
        let time = 0.5 * (low + high);
        let distance = self.distance(time)?;
        let (time, distance) = if distance < nearest.1 {
            (time, distance)
        } else {
            nearest
        };
        let at = |seconds: f64| epoch::after(self.start, seconds);
        let [first, second] = self.sets;
        let age = |set: &ElementSet| {
            let of = |seconds: f64| epoch::seconds_between(set.epoch, at(seconds)).abs() / 86_400.0;
            of(enter).max(of(leave))
        };
        Ok(Some(Proximity {
            basis: [Basis::of(first), Basis::of(second)],
            enter: at(enter),
            leave: at(leave),
            since_before,
            until_after,
            nearest: at(time),
            distance,
            farthest,
            relative: relative_orbit(first, second, at(0.5 * (enter + leave))),
            oldest: age(first).max(age(second)),
        }))
    }
}
