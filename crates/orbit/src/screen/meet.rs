//! One pair within one step: when it is within the threshold, and where it is nearest.

use serde::{Deserialize, Serialize};

use super::track::Track;
use crate::matrix::dot;

/// What a pair does within one step or, joined, over many. Times are seconds from the window's start.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Stay {
    /// Order of the two objects in the caller's list, the smaller first.
    pub(crate) first: usize,
    pub(crate) second: usize,
    /// When it came and left within the threshold and the tracks' errors.
    pub(crate) enter: f64,
    pub(crate) leave: f64,
    /// When it came and left within the threshold itself, by the tracks.
    pub(crate) inner: Option<(f64, f64)>,
    pub(crate) nearest_time: f64,
    /// By the tracks, km.
    pub(crate) nearest: f64,
    /// The largest distance within the stay at ends of steps, by the tracks, km.
    pub(crate) farthest: f64,
    /// Whether the stay began before the step, and goes on after it.
    pub(crate) from_start: bool,
    pub(crate) to_end: bool,
}

impl Stay {
    /// Joins the stay of a following step.
    pub(crate) fn join(&mut self, next: &Self) {
        self.leave = next.leave;
        self.to_end = next.to_end;
        self.farthest = self.farthest.max(next.farthest);
        if next.nearest < self.nearest {
            self.nearest = next.nearest;
            self.nearest_time = next.nearest_time;
        }
        self.inner = match (self.inner, next.inner) {
            (Some((enter, _)), Some((_, leave))) => Some((enter, leave)),
            (inner, None) => inner,
            (None, inner) => inner,
        };
    }
}

/// A step: its node (seconds from the window's start) and where in the segment it begins and ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub(crate) node: f64,
    pub(crate) from: f64,
    pub(crate) to: f64,
}

/// Slow pairs are looked at in parts of a step of at most so many seconds.
const PART: f64 = 12.5;

impl Step {
    /// Its parts of at most [`PART`] seconds.
    fn parts(self) -> impl Iterator<Item = Self> {
        let count = ((self.to - self.from) / PART).ceil().max(1.0);
        let length = (self.to - self.from) / count;
        (1..=count as usize).map(move |part| Self {
            node: self.node,
            from: self.from + (part - 1) as f64 * length,
            // The last part ends where the step does, to the bit.
            to: if part == count as usize {
                self.to
            } else {
                self.from + part as f64 * length
            },
        })
    }
}

/// The distance of a pair along its tracks.
struct Gap {
    relative: Track,
}

impl Gap {
    fn distance(&self, time: f64) -> f64 {
        dot(self.relative.position(time), self.relative.position(time)).sqrt()
    }

    /// Half the rate of the squared distance.
    fn rate(&self, time: f64) -> f64 {
        dot(self.relative.position(time), self.relative.velocity(time))
    }

    /// Half the second derivative of the squared distance.
    fn curvature(&self, time: f64) -> f64 {
        let velocity = self.relative.velocity(time);
        dot(velocity, velocity)
            + dot(
                self.relative.position(time),
                self.relative.acceleration(time),
            )
    }

    /// The time of the nearest approach in a step within which the squared distance has one minimum; see
    /// [`stays`].
    fn nearest(&self, step: Step) -> f64 {
        let (start, end) = (self.rate(step.from), self.rate(step.to));
        if start >= 0.0 || end <= 0.0 {
            return if self.distance(step.from) <= self.distance(step.to) {
                step.from
            } else {
                step.to
            };
        }
        let (mut low, mut high) = (step.from, step.to);
        let mut time = low - start * (high - low) / (end - start);
        for _ in 0..40 {
            let rate = self.rate(time);
            if rate > 0.0 {
                high = time;
            } else {
                low = time;
            }
            let curvature = self.curvature(time);
            let newton = time - rate / curvature;
            let next = if curvature > 0.0 && newton > low && newton < high {
                newton
            } else {
                0.5 * (low + high)
            };
            if (next - time).abs() < 1e-9 {
                return next;
            }
            time = next;
        }
        time
    }

    /// Whether the squared distance surely has one minimum only in a step, if the pair comes within
    /// `threshold + error` in it: half its second derivative, v² + x · a, is positive throughout.
    ///
    /// L = threshold + error, V the speed in the middle, γ ≤ 3.2e-6 s⁻², the step at most 150 s long: where V
    /// is at least 0.02 L per second, the distance stays below 230 s V and the speed above 0.85 V, and x · a
    /// is at least -0.2 V². The quintic's acceleration differs from gravity's by about 6e-4 s⁻² of the error,
    /// which is less than what is left where V is also at least half the error per second.
    fn is_brisk(&self, threshold: f64, error: f64, step: Step) -> bool {
        let velocity = self.relative.velocity(0.5 * (step.from + step.to));
        let slowest = 0.02 * threshold + 0.5 * error;
        dot(velocity, velocity) > slowest * slowest
    }

    /// Whether, at the ends of the parts of a step, the distance never falls after it has grown.
    fn falls_then_grows(&self, step: Step) -> bool {
        let mut grown = false;
        for part in step.parts() {
            let grows = self.rate(part.from) > 0.0;
            if grown && !grows {
                return false;
            }
            grown = grows;
        }
        !grown || self.rate(step.to) >= 0.0
    }

    /// Where the distance passes a limit between a time within it and one beyond it.
    fn crossing(&self, limit: f64, within: f64, beyond: f64) -> f64 {
        let (mut inside, mut outside) = (within, beyond);
        for _ in 0..60 {
            let middle = 0.5 * (inside + outside);
            if self.distance(middle) <= limit {
                inside = middle;
            } else {
                outside = middle;
            }
            if (outside - inside).abs() < 1e-6 {
                break;
            }
        }
        inside
    }

    /// From when to when the pair is within a limit, around its nearest approach.
    fn within(&self, limit: f64, nearest: f64, step: Step) -> Option<(f64, f64)> {
        if self.distance(nearest) > limit {
            return None;
        }
        let inside = |time: f64| self.distance(time) <= limit;
        let enter = if inside(step.from) {
            step.from
        } else {
            self.crossing(limit, nearest, step.from)
        };
        let leave = if inside(step.to) {
            step.to
        } else {
            self.crossing(limit, nearest, step.to)
        };
        Some((enter, leave))
    }
}

/// Looks at a pair in a step and lists its stays, in the order of time: mostly one or none. `error` is how far
/// the distance by the tracks may be wrong, km.
///
/// Where the squared distance may have several minima, because the pair is slow, the step is looked at in
/// parts. A second minimum within one part is lower than the part's ends or its other minimum by at most 6e-6 of
/// the distance d: between the two, v² + x · a vanishes, so v ≤ √γ d, and the third derivative of d²/2 is below
/// 4e-8 s⁻³ d²; by Rolle's theorem d²/2 changes between two zeros of its derivative by at most a twelfth of
/// that times the cube of the part's length.
pub(crate) fn stays(
    objects: (usize, usize),
    tracks: (Track, Track),
    threshold: f64,
    error: f64,
    step: Step,
    found: &mut Vec<Stay>,
) {
    let gap = Gap {
        relative: tracks.1.relative_to(&tracks.0),
    };
    found.clear();
    if gap.is_brisk(threshold, error, step) || gap.falls_then_grows(step) {
        found.extend(gap.stay(objects, threshold, error, step));
        return;
    }
    for part in step.parts() {
        let Some(stay) = gap.stay(objects, threshold, error, part) else {
            continue;
        };
        match found.last_mut() {
            Some(earlier) if earlier.to_end && stay.from_start => earlier.join(&stay),
            _ => found.push(stay),
        }
    }
    for stay in found {
        stay.from_start &= stay.enter <= step.node + step.from;
        stay.to_end &= stay.leave >= step.node + step.to;
    }
}

impl Gap {
    /// The stay around the nearest approach of a step.
    fn stay(
        &self,
        objects: (usize, usize),
        threshold: f64,
        error: f64,
        step: Step,
    ) -> Option<Stay> {
        let nearest_time = self.nearest(step);
        let (enter, leave) = self.within(threshold + error, nearest_time, step)?;
        let inner = self.within(threshold, nearest_time, step);
        let (from_start, to_end) = (enter <= step.from, leave >= step.to);
        let nearest = self.distance(nearest_time);
        let mut farthest = nearest;
        if from_start {
            farthest = farthest.max(self.distance(step.from));
        }
        if to_end {
            farthest = farthest.max(self.distance(step.to));
        }
        Some(Stay {
            first: objects.0,
            second: objects.1,
            enter: step.node + enter,
            leave: step.node + leave,
            inner: inner.map(|(enter, leave)| (step.node + enter, step.node + leave)),
            nearest_time: step.node + nearest_time,
            nearest,
            farthest,
            from_start,
            to_end,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Along one axis, 5 + 400 (s - a)² (s - b)²: two minima of 5 km in one step, and 5.2025 km between them.
    #[test]
    fn every_stay_of_a_slow_pair_is_found() {
        let (a, b) = (0.1, 0.4);
        let scale = 400.0;
        let (sum, product) = (a + b, a * b);
        let axis = [
            5.0 + scale * product * product,
            -2.0 * scale * sum * product,
            scale * (sum * sum + 2.0 * product),
            -2.0 * scale * sum,
            scale,
            0.0,
        ];
        let still = Track::from_coefficients([[0.0; 6]; 3]);
        let moving = Track::from_coefficients([axis, [0.0; 6], [0.0; 6]]);
        let step = Step {
            node: 600.0,
            from: 0.0,
            to: 150.0,
        };
        let mut found = Vec::new();
        let mut look = |threshold| {
            stays((0, 1), (still, moving), threshold, 0.0, step, &mut found);
            found
                .iter()
                .map(|stay| (stay.nearest_time.round(), stay.from_start, stay.to_end))
                .collect::<Vec<_>>()
        };
        // Above the maximum one stay, below it two, below the minima none.
        assert_eq!(look(5.21).len(), 1);
        assert_eq!(look(5.1), [(630.0, false, false), (720.0, false, false)]);
        assert_eq!(look(4.99), []);
    }
}
