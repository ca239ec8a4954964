//! An encounter as it is reported, worked out from SGP4 itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::meet::Stay;
use super::plan::Plan;
use crate::elements::{CatalogNumber, ElementSet};
use crate::epoch;
use crate::matrix::{distance, dot, subtract};
use crate::propagate::{Propagator, State};
use crate::relative::Relative;

/// What kind of nearness it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Class {
    /// The two pass each other.
    Pass,
    /// The two stay near each other for longer than [`Plan::co_moving_seconds`].
    CoMoving,
    /// The two were within [`Plan::attached_distance`] over the whole window: docked, or one object under
    /// two numbers.
    Attached,
}

impl Class {
    /// Its name in tables: `pass`, `co-moving` or `attached`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::CoMoving => "co-moving",
            Self::Attached => "attached",
        }
    }
}

/// Two objects within the threshold of each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Encounter {
    /// Order of the first object in the caller's list; smaller than `second`.
    pub first: usize,
    /// Order of the second object in the caller's list.
    pub second: usize,
    /// Catalogue numbers of the two.
    pub numbers: (CatalogNumber, CatalogNumber),
    /// Kind.
    pub class: Class,
    /// Time of closest approach, UTC: the nearest moment of the whole stay.
    pub tca: Timestamp,
    /// Distance at that time, km.
    pub distance: f64,
    /// Relative speed at that time, km/s.
    pub speed: f64,
    /// Angle between the two velocities at that time, degrees.
    pub angle: f64,
    /// The second object seen from the first at that time: radial, along track, across track, km.
    pub position_rtn: [f64; 3],
    /// Relative velocity in the same frame (not counting the frame's rotation), km/s.
    pub velocity_rtn: [f64; 3],
    /// When the two came within the threshold; the window's start if they were.
    pub enter: Timestamp,
    /// When they left; the window's end if they did not.
    pub leave: Timestamp,
    /// Whether they were within the threshold when the window began.
    pub since_before: bool,
    /// Whether they still were when it ended.
    pub until_after: bool,
    /// The largest distance during the stay, at the ends of the screening's steps, km.
    pub farthest: f64,
}

/// Works out an encounter; `None` when the nearest approach by SGP4 itself is beyond the threshold.
pub(crate) fn finish(stay: &Stay, sets: &[&ElementSet], plan: &Plan) -> Option<Encounter> {
    let (first, second) = (*sets.get(stay.first)?, *sets.get(stay.second)?);
    let pair = Pair {
        first: Propagator::new(first).ok()?,
        second: Propagator::new(second).ok()?,
        offsets: [first, second].map(|set| epoch::minutes_between(set.epoch, plan.start)),
    };
    let (time, (one, two)) = pair.nearest(stay, plan)?;
    let gap = distance(two.position, one.position);
    if gap > plan.threshold {
        return None;
    }
    let speed = distance(two.velocity, one.velocity);
    // An encounter is told even of what has no directions, which is no orbit.
    let seen = Relative::between(&one, &two).unwrap_or(Relative {
        position: [f64::NAN; 3],
        velocity: [f64::NAN; 3],
        angle: f64::NAN,
    });
    let (enter, leave) = stay.inner.unwrap_or_else(|| {
        let half =
            ((plan.threshold * plan.threshold - gap * gap).max(0.0)).sqrt() / speed.max(1e-6);
        ((time - half).max(stay.enter), (time + half).min(stay.leave))
    });
    let since_before = enter <= 0.0;
    let until_after = leave >= plan.seconds;
    let whole = since_before && until_after;
    let class = if whole && stay.farthest <= plan.attached_distance {
        Class::Attached
    } else if whole || leave - enter >= plan.co_moving_seconds {
        Class::CoMoving
    } else {
        Class::Pass
    };
    Some(Encounter {
        first: stay.first,
        second: stay.second,
        numbers: (first.number, second.number),
        class,
        tca: epoch::after(plan.start, time),
        distance: gap,
        speed,
        angle: seen.angle,
        position_rtn: seen.position,
        velocity_rtn: seen.velocity,
        enter: epoch::after(plan.start, enter),
        leave: epoch::after(plan.start, leave),
        since_before,
        until_after,
        farthest: stay.farthest.max(gap),
    })
}

struct Pair {
    first: Propagator,
    second: Propagator,
    /// Minutes from each epoch to the window's start.
    offsets: [f64; 2],
}

impl Pair {
    fn states(&self, time: f64) -> Option<(State, State)> {
        let minutes = time / 60.0;
        let one = self.first.after_minutes(self.offsets[0] + minutes).ok()?;
        let two = self.second.after_minutes(self.offsets[1] + minutes).ok()?;
        Some((one, two))
    }

    /// The nearest approach close to where the tracks have it: the lowest point of parabolas through the
    /// squared distance, which is one where the motion is straight. Positions alone count, as SGP4's
    /// velocity is not quite their derivative.
    fn nearest(&self, stay: &Stay, plan: &Plan) -> Option<(f64, (State, State))> {
        let bound = |time: f64| time.clamp(0.0, plan.seconds);
        let mut time = bound(stay.nearest_time);
        let mut best = self.states(time)?;
        let square = |pair: &(State, State)| {
            let gap = subtract(pair.1.position, pair.0.position);
            dot(gap, gap)
        };
        let speed = distance(best.1.velocity, best.0.velocity).max(1e-6);
        let mut step = (0.5 * square(&best).sqrt().max(0.2) / speed).clamp(0.01, 20.0);
        for _ in 0..3 {
            let (Some(before), Some(after)) = (
                self.states(bound(time - step)),
                self.states(bound(time + step)),
            ) else {
                break;
            };
            let (a, b, c) = (square(&before), square(&best), square(&after));
            let curvature = a - 2.0 * b + c;
            let shift = if curvature > 0.0 {
                (0.5 * (a - c) / curvature).clamp(-2.0, 2.0) * step
            } else {
                0.0
            };
            let candidate = bound(time + shift);
            if let Some(states) = self.states(candidate)
                && square(&states) <= b
            {
                time = candidate;
                best = states;
            }
            step *= 0.25;
        }
        Some((time, best))
    }
}
