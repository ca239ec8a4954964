//! One pair within one step: when it is within the threshold, and where it is nearest.

use serde::{Deserialize, Serialize};

use super::track::Track;

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

    /// The time of the nearest approach in a step. Within it the squared distance has at most one minimum
    /// (its second derivative is positive as soon as the relative speed exceeds 0.0018 km/s per km of
    /// distance; below that, nothing happens within a minute that is larger than metres).
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

/// Looks at a pair in a step. `error` is how far the distance by the tracks may be wrong, km.
pub(crate) fn stay(
    objects: (usize, usize),
    tracks: (Track, Track),
    threshold: f64,
    error: f64,
    step: Step,
) -> Option<Stay> {
    let gap = Gap {
        relative: tracks.1.relative_to(&tracks.0),
    };
    let nearest_time = gap.nearest(step);
    let (enter, leave) = gap.within(threshold + error, nearest_time, step)?;
    let inner = gap.within(threshold, nearest_time, step);
    let (from_start, to_end) = (enter <= step.from, leave >= step.to);
    let mut farthest = gap.distance(nearest_time);
    if from_start {
        farthest = farthest.max(gap.distance(step.from));
    }
    if to_end {
        farthest = farthest.max(gap.distance(step.to));
    }
    Some(Stay {
        first: objects.0,
        second: objects.1,
        enter: step.node + enter,
        leave: step.node + leave,
        inner: inner.map(|(enter, leave)| (step.node + enter, step.node + leave)),
        nearest_time: step.node + nearest_time,
        nearest: gap.distance(nearest_time),
        farthest,
        from_start,
        to_end,
    })
}

pub(crate) fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
