//! Changes of orbit in one object's history of element sets, at a stated rate of false alarms.
//!
//! Each set is propagated to the epoch of the next and compared with it: semi-major axis (energy) and direction of the
//! angular momentum. Most differences are errors of the sets and of drag; they make the object's own scale (median and
//! median absolute deviation). A difference that errors of this scale would reach less often than the rate asked for is
//! a finding. The rate holds as far as errors are normal: manoeuvres are found among them, and so are bad sets.

use serde::{Deserialize, Serialize};
use statrs::function::erf::erfc_inv;

use super::Basis;
use crate::elements::ElementSet;
use crate::epoch;
use crate::propagate::{Gravity, Propagator, State};

/// How to look for manoeuvres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ManoeuvreRule {
    /// Wanted rate of false alarms for each comparison of two sets, such as 0.001.
    pub false_alarm_rate: f64,
    /// Longest time between two sets that are compared, days.
    pub longest_gap: f64,
    /// Fewest comparisons from which a scale is taken.
    pub fewest: usize,
}

impl Default for ManoeuvreRule {
    /// One in a thousand, five days, twenty.
    fn default() -> Self {
        Self {
            false_alarm_rate: 1e-3,
            longest_gap: 5.0,
            fewest: 20,
        }
    }
}

/// Why a history says nothing.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ManoeuvreError {
    /// The rule.
    #[error("the false-alarm rate must be above 0 and below 0.5, the longest gap positive")]
    Rule,
    /// Too few sets.
    #[error("{found} comparisons of two sets: {needed} are needed to know the object's scale")]
    TooFew {
        /// Comparisons made.
        found: usize,
        /// Comparisons needed.
        needed: usize,
    },
}

/// One kind of difference: its size, and how many of the object's usual deviations that is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The difference from what was expected.
    pub value: f64,
    /// One standard deviation of the object's usual differences: the uncertainty of the value.
    pub deviation: f64,
    /// The value (less the usual one) in deviations.
    pub score: f64,
}

/// Two sets with a change of orbit between them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manoeuvre {
    /// The sets before and after; the change happened between their epochs or shortly before.
    pub basis: [Basis; 2],
    /// Change of the semi-major axis, km.
    pub axis: Difference,
    /// Turn of the orbital plane towards its ascending side (change of inclination), degrees.
    pub inclination: Difference,
    /// Turn of the orbital plane about the pole (change of node, by the sine of the inclination), degrees.
    pub node: Difference,
    /// Change of speed along the track that would make this change of the axis on a near-circular orbit, m/s.
    pub along_track_speed: f64,
    /// Change of speed across the track that would turn the plane so, if made at the best place, m/s: a lower bound.
    pub across_track_speed: f64,
}

/// What a history shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ManoeuvreReport {
    /// Findings, in order of time.
    pub manoeuvres: Vec<Manoeuvre>,
    /// Comparisons made.
    pub comparisons: usize,
    /// Pairs of sets left out: too far apart in time, of one epoch, or not to be propagated.
    pub left_out: usize,
    /// The score above which a difference is a finding.
    pub threshold: f64,
    /// False alarms to expect in so many comparisons.
    pub expected_false_alarms: f64,
}

/// Looks for manoeuvres in a history: the sets of one object, oldest first.
///
/// # Errors
/// [`ManoeuvreError`].
pub fn manoeuvres(
    history: &[ElementSet],
    rule: &ManoeuvreRule,
) -> Result<ManoeuvreReport, ManoeuvreError> {
    let good = rule.false_alarm_rate > 0.0 && rule.false_alarm_rate < 0.5;
    if !(good && rule.longest_gap > 0.0) {
        return Err(ManoeuvreError::Rule);
    }
    let mut left_out = 0;
    let mut steps = Vec::new();
    for pair in history.windows(2) {
        let [before, after] = pair else { continue };
        let days = epoch::seconds_between(before.epoch, after.epoch) / 86_400.0;
        let step = (days > 1e-6 && days <= rule.longest_gap)
            .then(|| Step::of(before, after))
            .flatten();
        match step {
            Some(step) => steps.push(step),
            None => left_out += 1,
        }
    }
    let needed = rule.fewest.max(8);
    if steps.len() < needed {
        return Err(ManoeuvreError::TooFew {
            found: steps.len(),
            needed,
        });
    }
    // Three differences, two sides each: each gets a third of the rate (Sidak).
    let each = 1.0 - (1.0 - rule.false_alarm_rate).cbrt();
    let threshold = std::f64::consts::SQRT_2 * erfc_inv(each);
    let scales: [(f64, f64); 3] =
        std::array::from_fn(|kind| scale(steps.iter().map(|step| step.values[kind])));
    let found = steps.iter().filter_map(|step| {
        let differences: [Difference; 3] = std::array::from_fn(|kind| {
            let (middle, deviation) = scales[kind];
            let value = step.values[kind];
            Difference {
                value,
                deviation,
                score: (value - middle) / deviation,
            }
        });
        let [axis, inclination, node] = differences;
        let most = differences
            .iter()
            .fold(0.0_f64, |m, d| m.max(d.score.abs()));
        (most > threshold).then(|| Manoeuvre {
            basis: step.basis,
            axis,
            inclination,
            node,
            along_track_speed: 500.0 * step.speed * axis.value / step.axis,
            across_track_speed: 1000.0
                * step.speed
                * inclination.value.hypot(node.value).to_radians(),
        })
    });
    Ok(ManoeuvreReport {
        manoeuvres: found.collect(),
        comparisons: steps.len(),
        left_out,
        threshold,
        expected_false_alarms: rule.false_alarm_rate * steps.len() as f64,
    })
}

/// One set carried to the next.
struct Step {
    basis: [Basis; 2],
    values: [f64; 3],
    axis: f64,
    speed: f64,
}

impl Step {
    fn of(before: &ElementSet, after: &ElementSet) -> Option<Self> {
        let expected = Propagator::new(before).ok()?.at(after.epoch).ok()?;
        let seen = Propagator::new(after).ok()?.after_minutes(0.0).ok()?;
        let (one, two) = (Orbit::of(&expected)?, Orbit::of(&seen)?);
        // Turn of the plane about the node line, and about the line in the plane across it.
        let up = [0.0, 0.0, 1.0];
        let line = cross(up, one.normal);
        let size = dot(line, line).sqrt();
        let line = if size > 1e-6 {
            line.map(|axis| axis / size)
        } else {
            [1.0, 0.0, 0.0]
        };
        let side = cross(one.normal, line);
        let values = [
            two.axis - one.axis,
            -dot(two.normal, side).asin().to_degrees(),
            dot(two.normal, line).asin().to_degrees(),
        ];
        values
            .iter()
            .all(|value| value.is_finite())
            .then_some(Self {
                basis: [Basis::of(before), Basis::of(after)],
                values,
                axis: one.axis,
                speed: (Gravity::WGS72.parameter / one.axis).sqrt(),
            })
    }
}

/// What is compared of an orbit.
struct Orbit {
    axis: f64,
    normal: [f64; 3],
}

impl Orbit {
    fn of(state: &State) -> Option<Self> {
        let (r, v) = (state.position, state.velocity);
        let radius = dot(r, r).sqrt();
        let axis = 1.0 / (2.0 / radius - dot(v, v) / Gravity::WGS72.parameter);
        let momentum = cross(r, v);
        let size = dot(momentum, momentum).sqrt();
        (axis > 0.0 && size > 0.0).then(|| Self {
            axis,
            normal: momentum.map(|value| value / size),
        })
    }
}

/// Median, and the standard deviation of a normal distribution of this median absolute deviation.
fn scale(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let mut values: Vec<f64> = values.collect();
    let middle = median(&mut values);
    let mut off: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    let deviation = 1.482_602_218_505_602 * median(&mut off);
    // Sets that repeat exactly have no scale: rounding of their digits is one.
    (middle, deviation.max(1e-9))
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match (values.get(half), values.len() % 2) {
        (Some(high), 0) => 0.5 * (high + values.get(half.wrapping_sub(1)).unwrap_or(high)),
        (Some(middle), _) => *middle,
        (None, _) => 0.0,
    }
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
