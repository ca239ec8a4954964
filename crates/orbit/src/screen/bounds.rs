//! What each filter may rely on. Every bound is stated here and nowhere else; the book's page on screening
//! derives them, and the tests measure them.

use crate::elements::ElementSet;
use crate::propagate::{Fleet, Gravity, Grid};

use super::track::{NODE_SECONDS, Tracks, error_by_elements};

/// Where in the first and the last segment of a slab the tracks are compared with SGP4.
pub(crate) const CHECK_AT: f64 = 0.25 * NODE_SECONDS;

/// A track's error may turn up in its path to this multiple, within half a step of the middle.
pub(crate) const PATH_FACTOR: f64 = 1.3;

/// An object whose tracks may be further off than this, km, is not followed: SGP4's velocity is then off
/// by 1 km/s. (In a whole catalogue of 2023 nothing lies between 30 and 10,000 km.)
pub(crate) const CONTRADICTORY: f64 = 50.0;

/// Room for rounding, km: in positions of doubles and in quantised radii.
pub(crate) const ROUNDING: f64 = 0.02;

/// How far the tracks of each object may be from SGP4, km.
pub(crate) struct Bounds {
    by_elements: Vec<f64>,
    total: Vec<f64>,
}

impl Bounds {
    /// The part that elements tell, for each place of a fleet.
    pub(crate) fn new(fleet: &Fleet, sets: &[&ElementSet], gravity: &Gravity) -> Self {
        let place = |object: &Option<usize>| {
            object
                .and_then(|object| sets.get(object))
                .map_or(0.0, |set| error_by_elements(set, gravity))
        };
        let by_elements: Vec<f64> = fleet.objects().iter().map(place).collect();
        Self {
            total: by_elements.clone(),
            by_elements,
        }
    }

    /// Starts a slab.
    pub(crate) fn reset(&mut self) {
        self.total.clone_from(&self.by_elements);
    }

    /// Adds what the comparison with SGP4 at [`CHECK_AT`] shows (drag, above all): three times the
    /// larger of the slab's two comparisons. `time` is that instant's place in the grid.
    pub(crate) fn compare(&mut self, tracks: &Tracks, grid: &Grid, time: usize) {
        for (place, (total, by_elements)) in
            self.total.iter_mut().zip(&self.by_elements).enumerate()
        {
            if !tracks.is_valid(place) || grid.code(place, time) != Some(0) {
                continue;
            }
            let Some(position) = grid.position(place, time) else {
                continue;
            };
            let track = tracks.track(place).position(CHECK_AT);
            let off: f64 = track
                .iter()
                .zip(position)
                .map(|(a, b)| (a - b) * (a - b))
                .sum();
            *total = total.max(by_elements + 3.0 * off.sqrt());
        }
    }

    /// The bounds of all places, km.
    pub(crate) fn errors(&self) -> &[f64] {
        &self.total
    }

    /// The bound of a place, km.
    pub(crate) fn error(&self, place: usize) -> f64 {
        self.total.get(place).copied().unwrap_or(0.0)
    }
}

/// What an object may do within half a step of the middle of the step. Single precision loses less than a
/// hundred-thousandth of each, which is added.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Motion {
    /// Largest change of its distance from the Earth's centre, km.
    pub(crate) radial: f32,
    /// Largest angle it moves through, seen from the Earth's centre, radians.
    pub(crate) angle: f32,
    /// Bound of the gradient of gravity, 1/s²: two objects at most a distance d apart near it accelerate
    /// differently by no more than this times d.
    pub(crate) gradient: f32,
}

impl Motion {
    /// From the state in the middle: radius and its rate, and the square of the angular momentum.
    ///
    /// * |r(t) - r| ≤ |ṙ| τ + ½ r̈ τ², with r̈ = μ/r² (p/r - 1) and room for J2 (0.004) and for what the
    ///   motion within τ does to both factors;
    /// * angle ≤ ω τ, ω = h/r², with room for its growth, 2 ω |ṙ| / r, within τ;
    /// * gradient ≤ 2.05 μ / r³ at the smallest radius (2 for a point, the rest for J2 and the chord's sag).
    #[inline(always)]
    pub(crate) fn bound(
        gravity: &Gravity,
        radius: f32,
        rate: f32,
        momentum2: f32,
        half_step: f32,
    ) -> Self {
        let parameter = gravity.parameter as f32;
        let growth = rate.abs() * half_step / radius;
        let pull = parameter / (radius * radius);
        let excess = (momentum2 / (parameter * radius) - 1.0).abs();
        let second = pull * (excess + 0.004 + 2.0 * growth) * (1.0 + 3.0 * growth);
        let radial = rate.abs() * half_step + 0.5 * second * half_step * half_step;
        let angle = momentum2.sqrt() / (radius * radius) * half_step * (1.01 + 2.2 * growth);
        let low = radius - radial;
        Self {
            radial: radial * 1.000_01,
            angle: angle * 1.000_01,
            gradient: 2.05 * 1.000_01 * parameter / (low * low * low),
        }
    }
}

/// How far two objects that come within `reach` of each other inside a step may leave the straight
/// relative motion of its middle, km: ∫∫ gradient × distance, the distance growing from `reach` with the
/// relative speed.
#[inline(always)]
pub(crate) fn tide(gradient: f64, reach: f64, speed: f64, half_step: f64) -> f64 {
    let fastest = speed + 1.2 * gradient * (reach + 2.0 * speed * half_step) * half_step;
    gradient * half_step * half_step * (0.5 * reach + fastest * half_step / 3.0)
}
