//! New pieces whose orbits, followed back, meet a parent's at one time.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Basis;
use crate::elements::ElementSet;
use crate::epoch;
use crate::propagate::{Propagator, State};

/// What counts as a burst of pieces.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BreakupLimits {
    /// Within which distance of the parent a piece counts as having been there, km. Sets of fresh pieces are poor.
    pub distance: f64,
    /// Fewest pieces.
    pub fewest: usize,
    /// Smallest share of the candidates that must have been there at one time.
    pub share: f64,
    /// Step of looking, seconds. Pieces leave at a few hundred metres a second at most.
    pub step: f64,
}

impl Default for BreakupLimits {
    /// 50 km, four pieces, half of the candidates, each half minute.
    fn default() -> Self {
        Self {
            distance: 50.0,
            fewest: 4,
            share: 0.5,
            step: 30.0,
        }
    }
}

/// Evidence that pieces come from one parent at one time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Breakup {
    /// The parent's set.
    pub parent: Basis,
    /// The pieces that were near the parent at the time, by order in the caller's list.
    pub pieces: Vec<usize>,
    /// Their sets, in the same order.
    pub basis: Vec<Basis>,
    /// Candidates that could be followed.
    pub candidates: usize,
    /// When most pieces were there and their median distance was least.
    pub time: Timestamp,
    /// Half the time within which as many pieces were there (at least one step), seconds: the uncertainty of the time.
    pub time_uncertainty: f64,
    /// Median distance of the pieces from the parent then, km.
    pub median_distance: f64,
    /// Median of the candidates' median distances over the rest of the window, km: what chance gives.
    pub usual_distance: f64,
    /// Speeds of the pieces relative to the parent then, km/s: least, median, largest.
    pub speeds: [f64; 3],
    /// Angles between the pieces' planes and the parent's, degrees: median and largest.
    pub plane_angles: [f64; 2],
}

/// Why nothing can be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BreakupError {
    /// The limits or the window.
    #[error(
        "distance, share and step must be positive, pieces at least two, the window longer than a step and at most a million steps"
    )]
    Limits,
    /// The parent.
    #[error("the parent cannot be followed through the window")]
    Parent,
}

/// Looks for a moment in a window at which enough candidates were where the parent was.
///
/// `candidates` are objects that were first catalogued after the window began, of any origin; the parent's own set should
/// be the last before the event.
///
/// # Errors
/// [`BreakupError`].
pub fn breakup(
    parent: &ElementSet,
    candidates: &[&ElementSet],
    start: Timestamp,
    seconds: f64,
    limits: &BreakupLimits,
) -> Result<Option<Breakup>, BreakupError> {
    let steps = (seconds / limits.step).ceil();
    let positive = limits.distance > 0.0 && limits.share > 0.0 && limits.step > 0.0;
    if !(positive && limits.fewest >= 2 && seconds.is_finite() && (1.0..=1e6).contains(&steps)) {
        return Err(BreakupError::Limits);
    }
    let body = Track::of(parent, start).ok_or(BreakupError::Parent)?;
    let tracks: Vec<(usize, Track)> = candidates
        .iter()
        .enumerate()
        .filter_map(|(index, set)| Some((index, Track::of(set, start)?)))
        .collect();
    let needed = (limits.share * tracks.len() as f64).ceil() as usize;
    let needed = needed.max(limits.fewest);
    if tracks.len() < needed {
        return Ok(None);
    }
    // At each step: how many are there, and the median distance.
    let look = |time: f64| -> Option<(usize, f64)> {
        let here = body.at(time)?;
        let mut distances: Vec<f64> = tracks
            .iter()
            .filter_map(|(_, track)| Some(distance(&here, &track.at(time)?)))
            .collect();
        let there = distances.iter().filter(|d| **d <= limits.distance).count();
        Some((there, median(&mut distances)))
    };
    let mut looks = Vec::new();
    for index in 0..=steps as u64 {
        let time = (index as f64 * limits.step).min(seconds);
        looks.push((time, look(time).ok_or(BreakupError::Parent)?));
    }
    let better = |a: &(usize, f64), b: &(usize, f64)| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1));
    let Some((rough, (there, _))) = looks.iter().max_by(|a, b| better(&a.1, &b.1)).copied() else {
        return Ok(None);
    };
    if there < needed {
        return Ok(None);
    }
    // Finer about the best step: the median distance.
    let fine = (0..=200)
        .map(|index| rough + limits.step * (f64::from(index) / 100.0 - 1.0))
        .filter(|time| (0.0..=seconds).contains(time))
        .filter_map(|time| Some((time, look(time)?)))
        .max_by(|a, b| better(&a.1, &b.1));
    let (time, (there, _)) = fine.unwrap_or((rough, (there, 0.0)));
    let as_many = looks
        .iter()
        .filter(|(_, (count, _))| *count >= there.min(needed))
        .count();
    let mut usual: Vec<f64> = looks.iter().map(|(_, (_, middle))| *middle).collect();
    let here = body.at(time).ok_or(BreakupError::Parent)?;
    let mut pieces = Vec::new();
    let (mut distances, mut speeds, mut angles) = (Vec::new(), Vec::new(), Vec::new());
    for (index, track) in &tracks {
        let Some(state) = track.at(time) else {
            continue;
        };
        let off = distance(&here, &state);
        if off > limits.distance {
            continue;
        }
        pieces.push(*index);
        distances.push(off);
        speeds.push(difference(&here.velocity, &state.velocity));
        angles.push(plane_angle(&here, &state));
    }
    let median_speed = median(&mut speeds);
    Ok(Some(Breakup {
        parent: Basis::of(parent),
        basis: pieces
            .iter()
            .filter_map(|index| candidates.get(*index))
            .map(|set| Basis::of(set))
            .collect(),
        pieces,
        candidates: tracks.len(),
        time: epoch::after(start, time),
        time_uncertainty: (0.5 * as_many as f64 * limits.step).max(limits.step),
        median_distance: median(&mut distances),
        usual_distance: median(&mut usual),
        speeds: [
            speeds.first().copied().unwrap_or(0.0),
            median_speed,
            speeds.last().copied().unwrap_or(0.0),
        ],
        plane_angles: [median(&mut angles), angles.last().copied().unwrap_or(0.0)],
    }))
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

fn difference(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt()
}

fn distance(a: &State, b: &State) -> f64 {
    difference(&a.position, &b.position)
}

fn plane_angle(a: &State, b: &State) -> f64 {
    let normal = |state: &State| {
        let (r, v) = (state.position, state.velocity);
        let n = [
            r[1] * v[2] - r[2] * v[1],
            r[2] * v[0] - r[0] * v[2],
            r[0] * v[1] - r[1] * v[0],
        ];
        let size = n.iter().map(|x| x * x).sum::<f64>().sqrt();
        n.map(|axis| axis / size)
    };
    2.0 * (0.5 * difference(&normal(a), &normal(b)))
        .min(1.0)
        .asin()
        .to_degrees()
}

/// Sorts and takes the middle (the higher of two); none is 0.
fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
