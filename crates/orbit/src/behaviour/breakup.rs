//! New pieces whose orbits, followed back, meet a parent's at one point and one time.
//!
//! Pieces of one event leave one point together, each with its own speed: followed back they pass through that point at
//! that time, near the parent's plane and slowly compared with the orbit, and at all other times they are spread out. The
//! search looks for the instant at which most candidates are near the parent with a small relative speed. That pieces followed
//! back tell parent and time is well known (Ottoboni, Muciaccia and Colombo, "Short and long-term reconstruction of in-orbit
//! fragmentation events"; the known breakups are in "History of on-orbit satellite fragmentations", 14th edition,
//! NASA/TM-2008-214779); this search and its limits are our own. Launches into another plane fail by speed and plane;
//! neighbours in a formation and satellites of a launch that pass by together fail because they are not spread out at other
//! times. The answer is evidence; what broke the parent is not in it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Basis;
use crate::elements::ElementSet;
use crate::epoch;
use crate::matrix;
use crate::propagate::{Propagator, State};

/// What counts as a burst of pieces.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BreakupRule {
    /// Within which distance of the parent a piece counts as having been there, km.
    pub distance: f64,
    /// Up to which speed relative to the parent, km/s.
    pub speed: f64,
    /// Fewest pieces.
    pub fewest: usize,
    /// How many times farther from the parent, and from each other, the pieces must usually be than then (medians).
    pub contrast: f64,
    /// Step of looking, seconds: a small part of `distance / speed`, so that no passage is missed.
    pub step: f64,
}

impl Default for BreakupRule {
    /// 50 km: sets of fresh pieces followed back some days are no better. 1 km/s: 99 % of the pieces of a collision are
    /// slower by NASA's breakup model (Johnson et al., "NASA's new breakup model of EVOLVE 4.0", Adv. Space Res. 28(9),
    /// 2001: the decimal logarithm of the speed in m/s is normal with mean 0.9 χ + 2.9 and deviation 0.4, χ that of area to
    /// mass in m²/kg; here 0.1 m²/kg). Four pieces. Ten times. Each ten seconds.
    fn default() -> Self {
        Self {
            distance: 50.0,
            speed: 1.0,
            fewest: 4,
            contrast: 10.0,
            step: 10.0,
        }
    }
}

/// When to look: from `start`, so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// Begin.
    pub start: Timestamp,
    /// Length, seconds.
    pub seconds: f64,
}

/// Evidence that pieces come from one parent at one time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Breakup {
    /// The parent's set.
    pub parent: Basis,
    /// The pieces that were near the parent then, by place in the caller's list.
    pub pieces: Vec<usize>,
    /// Their sets, in the same order.
    pub basis: Vec<Basis>,
    /// Candidates that could be followed.
    pub candidates: usize,
    /// Median of the instants at which each piece was nearest to the parent.
    pub time: Timestamp,
    /// One standard deviation of `time`, seconds: from the spread of those instants (median absolute deviation), for a
    /// median of so many.
    pub time_deviation: f64,
    /// Median of the pieces' least distances from the parent, km.
    pub distance: f64,
    /// Largest of the pieces' least distances, km.
    pub largest_distance: f64,
    /// Median over the window of the pieces' median distance, km: what they usually have.
    pub usual_distance: f64,
    /// Median distance of the pieces from their own middle at `time`, km.
    pub spread: f64,
    /// Median of the same over the window, km: pieces of one event disperse, a launch that passes by stays together.
    pub usual_spread: f64,
    /// Speeds relative to the parent then, km/s: least, median, largest.
    pub speeds: [f64; 3],
    /// Angles between the pieces' planes and the parent's then, degrees: median and largest.
    pub plane_angles: [f64; 2],
    /// Where the parent was then, TEME, km.
    pub place: [f64; 3],
    /// Upper bound of the chance that as many of the pieces are near the parent at some instant of the window if each is
    /// there as often as it was in the window, independently of the others.
    pub chance: f64,
}

/// Why nothing can be looked for.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum BreakupError {
    /// The rule.
    #[error(
        "{0} is out of range: distance, speed and step must be above 0, contrast at least 1, pieces at least 3"
    )]
    Rule(&'static str),
    /// The window.
    #[error("the window has {0} steps: make it at least one step long and at most a million")]
    Window(f64),
    /// The parent.
    #[error(
        "object {0} cannot be followed through the window: take its last set before the event, or a shorter window"
    )]
    Parent(crate::elements::CatalogNumber),
}

/// Looks for the instant in a window at which most candidates were where the parent was; `None` if too few ever were.
///
/// The parent's set should be its last before the event; `candidates` are the first good sets of objects that were first
/// catalogued after the window's start, of any origin.
///
/// # Errors
/// When the rule or window makes no sense or the parent cannot be followed: [`BreakupError`].
pub fn breakup(
    parent: &ElementSet,
    candidates: &[&ElementSet],
    window: &Window,
    rule: &BreakupRule,
) -> Result<Option<Breakup>, BreakupError> {
    let steps = check(window, rule)?;
    let Some(body) = Track::of(parent, window.start) else {
        return Err(BreakupError::Parent(parent.number));
    };
    let path = path(&body, steps, rule.step).ok_or(BreakupError::Parent(parent.number))?;
    Ok(pinch(parent, &body, &path, candidates, window, rule))
}

/// Looks at every possible parent; findings with the most pieces first. Parents that cannot be followed through the window
/// are left out.
///
/// Quick for a whole catalogue: only parents whose plane has enough candidates near it are followed.
///
/// # Errors
/// When the rule or window makes no sense.
pub fn breakups(
    parents: &[&ElementSet],
    candidates: &[&ElementSet],
    window: &Window,
    rule: &BreakupRule,
) -> Result<Vec<Breakup>, BreakupError> {
    let steps = check(window, rule)?;
    // A speed v across the track turns the plane of a circular orbit of speed V by v / V; low orbits have 7 to 8 km/s,
    // far ones less, so that each is given its own limit.
    let normals: Vec<[f64; 3]> = candidates
        .iter()
        .filter_map(|set| plane_normal(set, window))
        .collect();
    let mut found = Vec::new();
    for parent in parents {
        let Some(normal) = plane_normal(parent, window) else {
            continue;
        };
        let slowest = slowest_speed(parent);
        // Half as much again: planes drift apart over the window and speeds are not perpendicular.
        let limit = (1.5 * rule.speed / slowest).min(2.0).to_degrees() + 1.0;
        let near = normals
            .iter()
            .filter(|other| matrix::angle(normal, **other) <= limit)
            .count();
        if near < rule.fewest {
            continue;
        }
        let Some(body) = Track::of(parent, window.start) else {
            continue;
        };
        let Some(path) = path(&body, steps, rule.step) else {
            continue;
        };
        found.extend(pinch(parent, &body, &path, candidates, window, rule));
    }
    found.sort_by_key(|breakup| std::cmp::Reverse(breakup.pieces.len()));
    Ok(found)
}

fn check(window: &Window, rule: &BreakupRule) -> Result<usize, BreakupError> {
    let positive = |value: f64| value > 0.0 && value.is_finite();
    for (good, what) in [
        (positive(rule.distance), "distance"),
        (positive(rule.speed), "speed"),
        (positive(rule.step), "step"),
        (rule.contrast >= 1.0, "contrast"),
        (rule.fewest >= 3, "the fewest pieces"),
    ] {
        if !good {
            return Err(BreakupError::Rule(what));
        }
    }
    let steps = (window.seconds / rule.step).floor();
    if !(1.0..=1e6).contains(&steps) {
        return Err(BreakupError::Window(steps));
    }
    Ok(steps as usize)
}

/// Where the parent is at each step.
fn path(body: &Track, steps: usize, step: f64) -> Option<Vec<State>> {
    (0..=steps)
        .map(|index| body.at(index as f64 * step))
        .collect()
}

/// A candidate that came near enough, slowly enough, at least once.
struct Visitor {
    index: usize,
    track: Track,
    /// Steps at which it was there, with its distance, km.
    visits: Vec<(usize, f64)>,
}

fn pinch(
    parent: &ElementSet,
    body: &Track,
    path: &[State],
    candidates: &[&ElementSet],
    window: &Window,
    rule: &BreakupRule,
) -> Option<Breakup> {
    let mut followed = 0;
    let mut visitors = Vec::new();
    for (index, set) in candidates.iter().enumerate() {
        if set.number == parent.number {
            continue;
        }
        let Some(track) = Track::of(set, window.start) else {
            continue;
        };
        let Some(visitor) = visit(index, track, path, rule) else {
            continue;
        };
        followed += 1;
        if !visitor.visits.is_empty() {
            visitors.push(visitor);
        }
    }
    // The nearer, the more a piece counts: pieces that linger about the parent for a revolution or two then do not hide
    // the instant at which all of them met.
    let mut closeness = vec![0.0; path.len()];
    let mut counts = vec![0_usize; path.len()];
    for visitor in &visitors {
        for (step, off) in &visitor.visits {
            counts[*step] += 1;
            closeness[*step] += 1.0 - off / rule.distance;
        }
    }
    let peak = (0..path.len()).max_by(|a, b| closeness[*a].total_cmp(&closeness[*b]))?;
    // A piece passes through the sphere about the parent within so many steps.
    let reach = (rule.distance / rule.speed / rule.step).ceil() as usize + 1;
    let nearest: Vec<(&Visitor, Passage)> = visitors
        .iter()
        .filter_map(|visitor| {
            let there = visitor
                .visits
                .iter()
                .filter(|(step, _)| step.abs_diff(peak) <= reach)
                .min_by(|a, b| a.1.total_cmp(&b.1))?;
            Some((visitor, closest(visitor, body, path.len(), there.0, rule)?))
        })
        .collect();
    if nearest.len() < rule.fewest {
        return None;
    }
    let mut times: Vec<f64> = nearest.iter().map(|(_, passage)| passage.time).collect();
    let time = median(&mut times);
    let mut off: Vec<f64> = times.iter().map(|other| (other - time).abs()).collect();
    // 1.4826: normal deviation of a median absolute deviation; sqrt(π/2): a median against a mean.
    let time_deviation = 1.4826 * median(&mut off) * 1.2533 / (nearest.len() as f64).sqrt();
    let sorted = |of: fn(&Passage) -> f64| {
        let mut values: Vec<f64> = nearest.iter().map(|(_, passage)| of(passage)).collect();
        values.sort_unstable_by(f64::total_cmp);
        values
    };
    let distances = sorted(|passage| passage.distance);
    let speeds = sorted(|passage| passage.speed);
    let angles = sorted(|passage| passage.angle);
    let (distance, largest_distance) = (middle_of(&distances), *distances.last()?);

    let tracks: Vec<&Track> = nearest.iter().map(|(visitor, _)| &visitor.track).collect();
    let stride = path.len().div_ceil(SAMPLES);
    let mut usual: Vec<f64> = (0..path.len())
        .step_by(stride)
        .map(|step| {
            let mut there: Vec<f64> = tracks
                .iter()
                .filter_map(|track| track.at(step as f64 * rule.step))
                .map(|state| matrix::distance(path[step].position, state.position))
                .collect();
            median(&mut there)
        })
        .collect();
    let usual_distance = median(&mut usual);
    let spread_then = spread(&tracks, time)?;
    let mut spreads: Vec<f64> = (0..path.len())
        .step_by(stride)
        .filter_map(|step| spread(&tracks, step as f64 * rule.step))
        .collect();
    let usual_spread = median(&mut spreads);
    if usual_distance < rule.contrast * distance || usual_spread < rule.contrast * spread_then {
        return None;
    }
    let rate: f64 = nearest
        .iter()
        .map(|(visitor, _)| visitor.visits.len() as f64 / path.len() as f64)
        .sum();
    Some(Breakup {
        parent: Basis::of(parent),
        pieces: nearest.iter().map(|(visitor, _)| visitor.index).collect(),
        basis: nearest
            .iter()
            .map(|(visitor, _)| Basis::of(candidates[visitor.index]))
            .collect(),
        candidates: followed,
        time: epoch::after(window.start, time),
        time_deviation,
        distance,
        largest_distance,
        usual_distance,
        spread: spread_then,
        usual_spread,
        speeds: [*speeds.first()?, middle_of(&speeds), *speeds.last()?],
        plane_angles: [middle_of(&angles), *angles.last()?],
        place: body.at(time)?.position,
        chance: (path.len() as f64 * poisson_bound(rate, counts[peak])).min(1.0),
    })
}

/// Instants of the window at which the usual distance and spread are taken, at most.
const SAMPLES: usize = 200;

/// Median distance of objects from their middle (median of each coordinate), km.
fn spread(tracks: &[&Track], seconds: f64) -> Option<f64> {
    let places: Vec<[f64; 3]> = tracks
        .iter()
        .map(|track| Some(track.at(seconds)?.position))
        .collect::<Option<_>>()?;
    let middle: [f64; 3] = std::array::from_fn(|axis| {
        let mut values: Vec<f64> = places.iter().map(|place| place[axis]).collect();
        median(&mut values)
    });
    let mut off: Vec<f64> = places
        .iter()
        .map(|place| matrix::distance(*place, middle))
        .collect();
    Some(median(&mut off))
}

/// Chernoff's bound of the chance that a sum of independent indicators of this mean reaches `count`.
fn poisson_bound(mean: f64, count: usize) -> f64 {
    let count = count as f64;
    if count <= mean {
        1.0
    } else {
        (count - mean - count * (count / mean).ln()).exp()
    }
}

/// No two objects bound to the Earth part faster, km/s: twice the escape speed at its surface.
const FASTEST: f64 = 22.4;

/// Follows one candidate along the parent's path; `None` if it cannot be followed.
fn visit(index: usize, track: Track, path: &[State], rule: &BreakupRule) -> Option<Visitor> {
    let mut visits = Vec::new();
    let mut step = 0;
    while let Some(here) = path.get(step) {
        let state = track.at(step as f64 * rule.step)?;
        let off = matrix::distance(here.position, state.position);
        if off <= rule.distance && matrix::distance(here.velocity, state.velocity) <= rule.speed {
            visits.push((step, off));
        }
        // Steps too early to be back within the distance are passed over.
        let idle = ((off - rule.distance) / (FASTEST * rule.step)).floor();
        step += (idle.max(1.0)) as usize;
    }
    Some(Visitor {
        index,
        track,
        visits,
    })
}

/// A piece when it was nearest to the parent.
struct Passage {
    time: f64,
    distance: f64,
    speed: f64,
    angle: f64,
}

/// The nearest instant about one step, to a thousandth of a step.
fn closest(
    visitor: &Visitor,
    body: &Track,
    steps: usize,
    best: usize,
    rule: &BreakupRule,
) -> Option<Passage> {
    let off = |time: f64| -> Option<f64> {
        let (here, there) = (body.at(time)?, visitor.track.at(time)?);
        Some(matrix::distance(here.position, there.position))
    };
    let (mut low, mut high) = (
        best.saturating_sub(1) as f64 * rule.step,
        (best + 1).min(steps - 1) as f64 * rule.step,
    );
    // Ternary search: relative motion is nearly straight over two steps.
    while high - low > 1e-3 * rule.step {
        let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        if off(a)? < off(b)? {
            high = b;
        } else {
            low = a;
        }
    }
    let time = 0.5 * (low + high);
    let (here, there) = (body.at(time)?, visitor.track.at(time)?);
    let normal = |state: &State| matrix::unit(matrix::cross(state.position, state.velocity));
    Some(Passage {
        time,
        distance: matrix::distance(here.position, there.position),
        speed: matrix::distance(here.velocity, there.velocity),
        angle: matrix::angle(normal(&here)?, normal(&there)?),
    })
}

struct Track {
    model: Propagator,
    offset: f64,
}

impl Track {
    fn of(set: &ElementSet, start: Timestamp) -> Option<Self> {
        Some(Self {
            model: Propagator::new(set).ok()?,
            offset: epoch::seconds_between(set.epoch, start),
        })
    }

    fn at(&self, seconds: f64) -> Option<State> {
        self.model
            .after_minutes((self.offset + seconds) / 60.0)
            .ok()
    }
}

/// The plane in the middle of the window, its node carried there by the Earth's oblateness.
fn plane_normal(set: &ElementSet, window: &Window) -> Option<[f64; 3]> {
    let middle = epoch::after(window.start, 0.5 * window.seconds);
    let days = epoch::seconds_between(set.epoch, middle) / 86_400.0;
    let node = (set.ascending_node + super::node_drift(set) * days).to_radians();
    let (up, out) = (
        set.inclination.to_radians().cos(),
        set.inclination.to_radians().sin(),
    );
    let normal = [out * node.sin(), -out * node.cos(), up];
    normal
        .iter()
        .all(|value| value.is_finite())
        .then_some(normal)
}

/// Speed at the far end of an orbit, km/s.
fn slowest_speed(set: &ElementSet) -> f64 {
    let gravity = crate::propagate::Gravity::WGS72;
    let e = set.eccentricity;
    (gravity.parameter / gravity.semi_major_axis(set) * (1.0 - e) / (1.0 + e)).sqrt()
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    middle_of(values)
}

/// The middle of sorted values (the higher of two); none is 0.
fn middle_of(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}
