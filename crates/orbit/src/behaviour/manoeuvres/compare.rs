//! One set against the set before it, and how unusual that is among its neighbours.

use super::Difference;
use crate::behaviour::Basis;
use crate::elements::ElementSet;
use crate::epoch;
use crate::matrix;
use crate::propagate::{Gravity, Propagator, State};

/// Semi-major axis (km), eccentricity vector (two components), inclination and node (degrees).
pub(super) const CHANNELS: usize = 5;

/// A median absolute deviation of a normal distribution times this is its standard deviation.
const NORMAL: f64 = 1.482_602_218_505_602;

/// Digits of a two-line set: differences below these say nothing (a tenth of the last digit of mean motion and
/// eccentricity; of angles).
const FLOOR: [f64; CHANNELS] = [1e-6, 1e-8, 1e-8, 1e-5, 1e-5];

/// One set carried to the next.
pub(super) struct Step {
    pub basis: [Basis; 2],
    /// Seen less expected.
    pub values: [f64; CHANNELS],
    days: f64,
    axis: f64,
    speed: f64,
}

impl Step {
    pub(super) fn of(before: &ElementSet, after: &ElementSet, longest_gap: f64) -> Option<Self> {
        let days = epoch::seconds_between(before.epoch, after.epoch) / 86_400.0;
        if !(days > 0.0 && days <= longest_gap) {
            return None;
        }
        let model = Propagator::new(before).ok()?;
        let seen = Propagator::new(after).ok()?.after_minutes(0.0).ok()?;
        // Osculating elements swing by kilometres within a revolution. An error along the track, the largest of a set,
        // must not look like an error of the axis: the expected orbit is taken where it is at the same place.
        let mut expected = model.at(after.epoch).ok()?;
        let mut late = 0.0;
        for _ in 0..2 {
            late += lateness(&expected, &seen)?;
            expected = model.after_minutes(days * 1440.0 + late / 60.0).ok()?;
        }
        let (one, two) = (Orbit::of(&expected)?, Orbit::of(&seen)?);
        // The node line; of an equatorial orbit any line in its plane.
        let line = matrix::unit(matrix::cross([0.0, 0.0, 1.0], one.normal))
            .or_else(|| matrix::unit(matrix::cross([0.0, 1.0, 0.0], one.normal)))?;
        let side = matrix::cross(one.normal, line);
        let turn = |towards: [f64; 3]| {
            matrix::dot(two.normal, towards)
                .clamp(-1.0, 1.0)
                .asin()
                .to_degrees()
        };
        let change: [f64; 3] = std::array::from_fn(|i| two.eccentricity[i] - one.eccentricity[i]);
        let values = [
            two.axis - one.axis,
            matrix::dot(change, line),
            matrix::dot(change, side),
            -turn(side),
            turn(line),
        ];
        values
            .iter()
            .all(|value| value.is_finite())
            .then_some(Self {
                basis: [Basis::of(before), Basis::of(after)],
                values,
                days,
                axis: one.axis,
                speed: (Gravity::WGS72.parameter / one.axis).sqrt(),
            })
    }

    /// Gauss: da = 2 a dv / v on a circle; m/s.
    pub(super) fn along_track(&self, kilometres: f64) -> f64 {
        500.0 * self.speed * kilometres / self.axis
    }

    /// A plane turned by an angle where the change was made; m/s.
    pub(super) fn across_track(&self, degrees: f64) -> f64 {
        1000.0 * self.speed * degrees.to_radians()
    }
}

/// Seconds until one object is as far along its orbit as another; not more than a radian.
fn lateness(one: &State, other: &State) -> Option<f64> {
    let momentum = matrix::cross(one.position, one.velocity);
    let (ahead, here) = (
        matrix::unit(matrix::cross(momentum, one.position))?,
        matrix::unit(one.position)?,
    );
    let angle = matrix::dot(other.position, ahead).atan2(matrix::dot(other.position, here));
    let rate = matrix::dot(momentum, momentum).sqrt() / matrix::dot(one.position, one.position);
    Some(angle.clamp(-1.0, 1.0) / rate)
}

/// What is compared of an orbit.
struct Orbit {
    axis: f64,
    normal: [f64; 3],
    eccentricity: [f64; 3],
}

impl Orbit {
    fn of(state: &State) -> Option<Self> {
        let (r, v) = (state.position, state.velocity);
        let parameter = Gravity::WGS72.parameter;
        let radius = matrix::dot(r, r).sqrt();
        let axis = 1.0 / (2.0 / radius - matrix::dot(v, v) / parameter);
        let momentum = matrix::cross(r, v);
        let lead = matrix::cross(v, momentum);
        let eccentricity = std::array::from_fn(|i| lead[i] / parameter - r[i] / radius);
        let normal = matrix::unit(momentum)?;
        (axis > 0.0).then_some(Self {
            axis,
            normal,
            eccentricity,
        })
    }
}

/// Each comparison among its neighbours in time, itself left out.
pub(super) fn judge(steps: &[(usize, Step)], neighbours: usize) -> Vec<[Difference; CHANNELS]> {
    let growths: [Growth; CHANNELS] = std::array::from_fn(|channel| Growth::of(steps, channel));
    let size = neighbours + 1;
    let mut others = Vec::with_capacity(neighbours);
    steps
        .iter()
        .enumerate()
        .map(|(place, (_, step))| {
            let first = place.saturating_sub(size / 2).min(steps.len() - size);
            std::array::from_fn(|channel| {
                let growth = &growths[channel];
                others.clear();
                others.extend(
                    steps[first..first + size]
                        .iter()
                        .enumerate()
                        .filter(|(index, _)| first + index != place)
                        .map(|(_, (_, other))| other.values[channel] / growth.factor(other.days)),
                );
                let (middle, deviation) = scale(&mut others);
                let factor = growth.factor(step.days);
                let deviation = (deviation * factor).max(FLOOR[channel]);
                let value = step.values[channel];
                let usual = middle * factor;
                Difference {
                    value,
                    usual,
                    deviation,
                    score: (value - usual) / deviation,
                }
            })
        })
        .collect()
}

/// How the differences grow with the time between two sets: as a power of it.
struct Growth {
    typical: f64,
    power: f64,
}

/// From how many comparisons, and from which ratio of long to short gaps, a growth can be told.
const GROWTH_NEEDS: (usize, f64) = (100, 1.5);

impl Growth {
    fn of(steps: &[(usize, Step)], channel: usize) -> Self {
        let mut all: Vec<(f64, f64)> = steps
            .iter()
            .map(|(_, step)| (step.days, step.values[channel]))
            .collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        let half = all.len() / 2;
        let typical = all[half].0;
        let (short, long) = all.split_at(half);
        let middle = |part: &[(f64, f64)]| {
            let mut days: Vec<f64> = part.iter().map(|(days, _)| *days).collect();
            let mut sizes: Vec<f64> = part.iter().map(|(_, value)| *value).collect();
            (median(&mut days), scale(&mut sizes).1.max(FLOOR[channel]))
        };
        let ((short, small), (long, large)) = (middle(short), middle(long));
        let power = if all.len() >= GROWTH_NEEDS.0 && long / short >= GROWTH_NEEDS.1 {
            ((large / small).ln() / (long / short).ln()).clamp(0.0, 2.0)
        } else {
            0.0
        };
        Self { typical, power }
    }

    fn factor(&self, days: f64) -> f64 {
        // A very short gap has no smaller errors than the sets' own.
        (days / self.typical).max(0.1).powf(self.power)
    }
}

/// Median, and the standard deviation of a normal distribution of this median absolute deviation.
pub(super) fn scale(values: &mut [f64]) -> (f64, f64) {
    let middle = median(values);
    for value in values.iter_mut() {
        *value = (*value - middle).abs();
    }
    (middle, NORMAL * median(values))
}

/// Sorts and takes the middle, or the mean of the two in the middle; 0 of none.
pub(super) fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.get(half) {
        Some(high) if values.len().is_multiple_of(2) => 0.5 * (high + values[half - 1]),
        Some(middle) => *middle,
        None => 0.0,
    }
}
