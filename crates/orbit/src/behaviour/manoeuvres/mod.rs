//! Changes of orbit in one object's history of element sets, at a stated rate of false alarms.
//!
//! Each set is propagated to the epoch of the next and compared with it: semi-major axis, the two components of the
//! eccentricity vector in the orbital plane, and the two turns of the plane. That two sets of one object must be consistent,
//! with a background of what is usual, is the first method of Lemmens and Krag ("Two-line-elements-based maneuver detection
//! methods for satellites in low Earth orbit", J. Guidance, Control, and Dynamics 37(3), 2014); a window that moves along the
//! history is used by Patera too ("Space event detection method", J. Spacecraft and Rockets 45(3), 2008), there without
//! propagation.
//! Most differences are errors of the sets and of drag: those of the neighbouring comparisons give the object's own
//! scale at that time, by median and median absolute deviation, which a few manoeuvres among them hardly move. The
//! threshold is computed for as many neighbours as there are ([`threshold`]), so that the asked rate holds for few too.
//!
//! The rate holds for errors that are independent and have the distribution of [`Tail`]. The report says how heavy the
//! object's own tail is. One bad set looks like a manoeuvre and its undoing: [`Persistence`] tells them apart.

mod compare;
pub mod threshold;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Basis;
use crate::elements::history::History;
use compare::{CHANNELS, Step};
pub use threshold::Tail;

/// How to look for manoeuvres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ManoeuvreRule {
    /// Wanted rate of false alarms for each comparison of two sets, such as 0.001: of all differences together.
    pub false_alarm_rate: f64,
    /// Distribution of the errors.
    pub tail: Tail,
    /// Longest time between two sets that are compared, days: beyond it drag that nobody foresaw looks like a manoeuvre.
    pub longest_gap: f64,
    /// How many neighbouring comparisons give the scale: fewer follow the Sun's activity better, more give a better scale.
    pub neighbours: usize,
}

impl Default for ManoeuvreRule {
    /// One in a thousand, errors of Student's distribution with three degrees of freedom, five days, sixty neighbours (a month or
    /// two of most objects). Real sets are now and then far off: beside the published burns of six satellites normal errors gave a hundred
    /// times the false alarms that were asked for, these as many as that.
    fn default() -> Self {
        Self {
            false_alarm_rate: 1e-3,
            tail: Tail::Student(3.0),
            longest_gap: 5.0,
            neighbours: 60,
        }
    }
}

/// Fewest comparisons beside the one that is judged.
const FEWEST: usize = 12;

/// Why a history says nothing.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ManoeuvreError {
    /// The rate of false alarms.
    #[error("the rate of false alarms is {0}: give one from 1e-9 to 0.4")]
    Rate(f64),
    /// The longest gap.
    #[error("the longest gap is {0} days: give a number of days above 0")]
    Gap(f64),
    /// The neighbours.
    #[error("{0} neighbours: give from {FEWEST} to 10000")]
    Neighbours(usize),
    /// The tail.
    #[error("a Student distribution of {0} degrees of freedom: give from 2 to 1000")]
    Degrees(f64),
    /// Too few sets.
    #[error(
        "object {object}: {found} comparisons of two sets ({left_out} left out), {} are needed to know its usual differences: add older sets or allow longer gaps",
        FEWEST + 1
    )]
    TooFew {
        /// The object.
        object: crate::elements::CatalogNumber,
        /// Comparisons made.
        found: usize,
        /// Pairs of sets that could not be compared.
        left_out: usize,
    },
}

/// One kind of difference between what was expected and what was seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The difference: seen less expected.
    pub value: f64,
    /// Median of the neighbouring differences, for the same time between sets: what errors alone give.
    pub usual: f64,
    /// One standard deviation of the neighbouring differences: the uncertainty of the value.
    pub deviation: f64,
    /// The value less the usual one, in deviations.
    pub score: f64,
}

/// Whether a change is still there in the sets around.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Persistence {
    /// The sets before and after show it too (at least half of it): the orbit changed.
    Persists,
    /// The sets around do not show it: one of the two sets is probably bad.
    Returned,
    /// The history ends (or begins) here, or the sets around are too far off: not yet known.
    Unknown,
}

/// Two sets with a change of orbit between them that errors of the usual size rarely give.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manoeuvre {
    /// The sets before and after. A set is fitted to observations of the days before its epoch: the change happened
    /// between the two epochs, or shortly before.
    pub basis: [Basis; 2],
    /// Change of the semi-major axis, km.
    pub axis: Difference,
    /// Change of the eccentricity vector towards the ascending node.
    pub eccentricity_node: Difference,
    /// Change of the eccentricity vector in the orbital plane, a quarter turn after the node.
    pub eccentricity_side: Difference,
    /// Change of inclination (turn of the plane about its node line), degrees.
    pub inclination: Difference,
    /// Turn of the plane about the line across its node line (change of node times sine of inclination), degrees.
    pub node: Difference,
    /// Change of speed along the track that would change the axis so on a near-circular orbit, m/s.
    pub along_track_speed: f64,
    /// Its standard deviation, m/s.
    pub along_track_deviation: f64,
    /// Change of speed across the track that would turn the plane so, made at the best place, m/s: a lower bound.
    pub across_track_speed: f64,
    /// Its standard deviation, m/s.
    pub across_track_deviation: f64,
    /// Whether the change is still there in the sets around.
    pub persistence: Persistence,
}

impl Manoeuvre {
    /// The epochs between which the change was seen.
    #[must_use]
    pub fn between(&self) -> [Timestamp; 2] {
        self.basis.map(|basis| basis.epoch)
    }

    /// The largest score of the five differences, without its sign.
    #[must_use]
    pub fn score(&self) -> f64 {
        [
            self.axis,
            self.eccentricity_node,
            self.eccentricity_side,
            self.inclination,
            self.node,
        ]
        .iter()
        .fold(0.0, |most, difference| most.max(difference.score.abs()))
    }
}

/// What a history shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ManoeuvreReport {
    /// Findings, in order of time.
    pub manoeuvres: Vec<Manoeuvre>,
    /// Comparisons made.
    pub comparisons: usize,
    /// Pairs of sets left out: too far apart in time, or not to be propagated.
    pub left_out: usize,
    /// Neighbours that gave each scale.
    pub neighbours: usize,
    /// The score above which a difference is a finding.
    pub threshold: f64,
    /// False alarms to expect in so many comparisons.
    pub expected_false_alarms: f64,
    /// 90 % quantile over median of the absolute scores of all comparisons. Normal errors give 2.44; with much more the
    /// rate of false alarms is higher than asked for, and a [`Tail::Student`] fits better.
    pub tail_ratio: f64,
    /// Change of speed along the track that would be found half of the times, m/s (median over the history).
    pub detectable_along_track: f64,
    /// Change of speed across the track that would be found half of the times, m/s (median over the history).
    pub detectable_across_track: f64,
}

/// Looks for manoeuvres in the history of one object.
///
/// # Errors
/// When the rule makes no sense or the history is too short: [`ManoeuvreError`].
pub fn manoeuvres(
    history: &History,
    rule: &ManoeuvreRule,
) -> Result<ManoeuvreReport, ManoeuvreError> {
    check(rule)?;
    let sets = history.sets();
    let longest = rule.longest_gap;
    let steps: Vec<(usize, Step)> = sets
        .iter()
        .zip(sets.iter().skip(1))
        .enumerate()
        .filter_map(|(place, (before, after))| Some((place, Step::of(before, after, longest)?)))
        .collect();
    let left_out = sets.len() - 1 - steps.len();
    if steps.len() <= FEWEST {
        return Err(ManoeuvreError::TooFew {
            object: history.number(),
            found: steps.len(),
            left_out,
        });
    }
    let neighbours = rule.neighbours.min(steps.len() - 1);
    // The differences share the rate (Šidák); each has two sides.
    let each = -((-rule.false_alarm_rate).ln_1p() / CHANNELS as f64).exp_m1();
    let threshold = threshold::threshold(neighbours, each, rule.tail);
    let judged = compare::judge(&steps, neighbours);

    let mut found = Vec::new();
    for ((place, step), differences) in steps.iter().zip(&judged) {
        let most = (0..CHANNELS).max_by(|a, b| {
            let score = |channel: &usize| differences[*channel].score.abs();
            score(a).total_cmp(&score(b))
        });
        let Some(channel) = most.filter(|most| differences[*most].score.abs() > threshold) else {
            continue;
        };
        let change = differences[channel].value - differences[channel].usual;
        let around = [
            (place.checked_sub(1), Some(place + 1)),
            (Some(*place), place.checked_add(2)),
        ];
        let persistence = around.iter().fold(Persistence::Persists, |so_far, (a, b)| {
            let seen = a
                .and_then(|a| sets.get(a))
                .zip(b.and_then(|b| sets.get(b)))
                .and_then(|(before, after)| Step::of(before, after, 2.0 * longest))
                .map(|wide| wide.values[channel]);
            match (so_far, seen) {
                (Persistence::Returned, _) => Persistence::Returned,
                (_, Some(seen)) if seen * change.signum() < 0.5 * change.abs() => {
                    Persistence::Returned
                }
                (_, None) => Persistence::Unknown,
                _ => so_far,
            }
        });
        found.push(finding(step, *differences, persistence));
    }
    let mut scores: Vec<f64> = judged
        .iter()
        .flatten()
        .map(|difference| difference.score.abs())
        .collect();
    let mut along: Vec<f64> = Vec::with_capacity(steps.len());
    let mut across: Vec<f64> = Vec::with_capacity(steps.len());
    for ((_, step), differences) in steps.iter().zip(&judged) {
        along.push(threshold * step.along_track(differences[0].deviation));
        let turn = differences[3].deviation.min(differences[4].deviation);
        across.push(threshold * step.across_track(turn));
    }
    let middle = compare::median(&mut scores);
    Ok(ManoeuvreReport {
        manoeuvres: found,
        comparisons: steps.len(),
        left_out,
        neighbours,
        threshold,
        expected_false_alarms: rule.false_alarm_rate * steps.len() as f64,
        tail_ratio: scores.get(scores.len() * 9 / 10).unwrap_or(&0.0) / middle.max(1e-300),
        detectable_along_track: compare::median(&mut along),
        detectable_across_track: compare::median(&mut across),
    })
}

fn check(rule: &ManoeuvreRule) -> Result<(), ManoeuvreError> {
    if !(1e-9..=0.4).contains(&rule.false_alarm_rate) {
        return Err(ManoeuvreError::Rate(rule.false_alarm_rate));
    }
    if !(rule.longest_gap > 0.0 && rule.longest_gap.is_finite()) {
        return Err(ManoeuvreError::Gap(rule.longest_gap));
    }
    if !(FEWEST..=10_000).contains(&rule.neighbours) {
        return Err(ManoeuvreError::Neighbours(rule.neighbours));
    }
    match rule.tail {
        Tail::Student(degrees) if !(2.0..=1000.0).contains(&degrees) => {
            Err(ManoeuvreError::Degrees(degrees))
        }
        _ => Ok(()),
    }
}

fn finding(
    step: &Step,
    differences: [Difference; CHANNELS],
    persistence: Persistence,
) -> Manoeuvre {
    let [
        axis,
        eccentricity_node,
        eccentricity_side,
        inclination,
        node,
    ] = differences;
    let change = |difference: Difference| difference.value - difference.usual;
    Manoeuvre {
        basis: step.basis,
        axis,
        eccentricity_node,
        eccentricity_side,
        inclination,
        node,
        along_track_speed: step.along_track(change(axis)),
        along_track_deviation: step.along_track(axis.deviation),
        across_track_speed: step.across_track(change(inclination).hypot(change(node))),
        across_track_deviation: step.across_track(inclination.deviation.max(node.deviation)),
        persistence,
    }
}
