//! Orbital planes that match and stay matched.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

use super::{Basis, node_drift, wrapped};
use crate::elements::ElementSet;
use crate::elements::history::History;
use crate::epoch;

/// What counts as matching.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaneLimits {
    /// Largest angle between the planes, degrees. One degree is some 130 m/s in a low orbit.
    pub angle: f64,
    /// Days over which the angle must stay below the limit, by the drift of the nodes.
    pub days: f64,
}

impl Default for PlaneLimits {
    /// Half a degree over thirty days.
    fn default() -> Self {
        Self {
            angle: 0.5,
            days: 30.0,
        }
    }
}

/// Two objects in one plane.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaneMatch {
    /// Order of the first in the caller's list; smaller than `second`.
    pub first: usize,
    /// Order of the second.
    pub second: usize,
    /// The sets it rests on.
    pub basis: [Basis; 2],
    /// Angle between the planes at the instant, degrees.
    pub angle: f64,
    /// Inclination of the second less that of the first, degrees.
    pub inclination_difference: f64,
    /// Node of the second less that of the first at the instant, degrees.
    pub node_difference: f64,
    /// Drift of that difference, degrees a day.
    pub drift_difference: f64,
    /// Largest angle within the days asked for, degrees.
    pub largest_angle: f64,
}

/// Every pair of objects whose planes match at an instant and for some days after it; `concern` says which pairs matter.
///
/// Planes are carried to the instant by the drift of their nodes. Normals of planes are put into cells of the sphere, so
/// that only neighbours are compared. Limits outside 0 to 30 degrees find nothing.
#[must_use]
pub fn matching_planes(
    sets: &[&ElementSet],
    instant: Timestamp,
    limits: &PlaneLimits,
    concern: &dyn Fn(usize, usize) -> bool,
) -> Vec<PlaneMatch> {
    let mut found = Vec::new();
    if !(limits.angle > 0.0 && limits.angle <= 30.0 && limits.days >= 0.0) {
        return found;
    }
    // Normals closer than the angle differ by at most its chord.
    let cell = 2.0 * (0.5 * limits.angle.to_radians()).sin() * 1.000_001;
    let key = |normal: [f64; 3]| normal.map(|axis| (axis / cell).floor() as i32);
    let planes: Vec<Option<Plane>> = sets.iter().map(|set| Plane::of(set, instant)).collect();
    let mut cells: HashMap<[i32; 3], Vec<usize>> = HashMap::new();
    for (second, plane) in planes.iter().enumerate() {
        let Some(plane) = plane else { continue };
        let [x, y, z] = key(plane.normal(0.0));
        for dx in -1..=1 {
            for dy in -1..=1 {
                for dz in -1..=1 {
                    let Some(others) = cells.get(&[x + dx, y + dy, z + dz]) else {
                        continue;
                    };
                    for first in others {
                        let Some(other) = planes.get(*first).and_then(Option::as_ref) else {
                            continue;
                        };
                        if !concern(*first, second) {
                            continue;
                        }
                        found.extend(compare(sets, (*first, other), (second, plane), limits));
                    }
                }
            }
        }
        cells.entry([x, y, z]).or_default().push(second);
    }
    found.sort_by_key(|pair| (pair.first, pair.second));
    found
}

/// Since when two planes have matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since {
    /// The first epoch of a set from which on every set of both showed their planes within the angle.
    pub matched: Timestamp,
    /// The last epoch before it at which they were farther apart; `None` if the histories do not reach back to one.
    pub apart: Option<Timestamp>,
}

/// Follows two histories back from an instant, set by set, for as long as the planes are within the angle. At each epoch both
/// objects are taken by the newest set of that time, its node carried there.
///
/// `None` if one of them has no set as early as the instant, or if the planes are farther apart then.
#[must_use]
pub fn matching_since(
    one: &History,
    other: &History,
    instant: Timestamp,
    limits: &PlaneLimits,
) -> Option<Since> {
    let within = |at: Timestamp| {
        let plane = |history: &History| Plane::of(history.known_at(at)?, at);
        Some(plane(one)?.angle(&plane(other)?, 0.0) <= limits.angle)
    };
    if !within(instant)? {
        return None;
    }
    let begin = one.first().epoch.max(other.first().epoch);
    let mut epochs: Vec<Timestamp> = one
        .sets()
        .iter()
        .chain(other.sets())
        .map(|set| set.epoch)
        .filter(|epoch| (begin..=instant).contains(epoch))
        .collect();
    epochs.sort_unstable();
    let mut since = Since {
        matched: instant,
        apart: None,
    };
    for epoch in epochs.into_iter().rev() {
        if within(epoch) == Some(true) {
            since.matched = epoch;
        } else {
            since.apart = Some(epoch);
            break;
        }
    }
    Some(since)
}

/// A plane at the instant.
struct Plane {
    inclination: f64,
    node: f64,
    drift: f64,
}

impl Plane {
    fn of(set: &ElementSet, instant: Timestamp) -> Option<Self> {
        let drift = node_drift(set);
        let days = epoch::seconds_between(set.epoch, instant) / 86_400.0;
        let node = set.ascending_node + drift * days;
        (node.is_finite() && set.inclination.is_finite()).then_some(Self {
            inclination: set.inclination,
            node,
            drift,
        })
    }

    fn normal(&self, days: f64) -> [f64; 3] {
        let (sine, cosine) = self.inclination.to_radians().sin_cos();
        let node = (self.node + self.drift * days).to_radians();
        [sine * node.sin(), -sine * node.cos(), cosine]
    }

    fn angle(&self, other: &Self, days: f64) -> f64 {
        let (a, b) = (self.normal(days), other.normal(days));
        let chord = (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt();
        2.0 * (0.5 * chord).min(1.0).asin().to_degrees()
    }
}

fn compare(
    sets: &[&ElementSet],
    (first, one): (usize, &Plane),
    (second, two): (usize, &Plane),
    limits: &PlaneLimits,
) -> Option<PlaneMatch> {
    let angle = one.angle(two, 0.0);
    // The difference of nodes grows evenly: over less than half a turn the angle is largest at an end, or where the
    // difference passes 180 degrees.
    let node_difference = wrapped(two.node - one.node);
    let drift_difference = two.drift - one.drift;
    let end = node_difference + drift_difference * limits.days;
    let mut largest_angle = angle.max(one.angle(two, limits.days));
    if end.abs() >= 180.0 {
        let both = one.inclination + two.inclination;
        largest_angle = largest_angle.max(both.min(360.0 - both));
    }
    (largest_angle <= limits.angle).then_some(PlaneMatch {
        first,
        second,
        basis: [Basis::of(sets.get(first)?), Basis::of(sets.get(second)?)],
        angle,
        inclination_difference: two.inclination - one.inclination,
        node_difference,
        drift_difference,
        largest_angle,
    })
}
