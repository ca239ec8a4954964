//! All methods side by side, and which of them to trust.
//!
//! As in Hall, Baars, Casali, "A multistep probability of collision computational algorithm" (AAS 23-398, 2023): the
//! two-dimensional method is not valid where the encounter is extended, where both are likeliest to meet at another
//! time than that of closest approach, or where a better method gives another figure. The limits are our own.

use serde::{Deserialize, Serialize};

use super::RiskError;
use super::expected::{ExpectedCollisions, PlaneCollisions, Window};
use super::overlap::{Conjunction, UncertainState};
use super::plane::EncounterPlane;
use super::repair::Repair;

/// Limits of the usage checks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// Longest encounter, as a share of the shorter period.
    pub extended: f64,
    /// Farthest time of likeliest meeting from the common time, as a share of the shorter period.
    pub offset: f64,
    /// Largest ratio of two methods' figures, either way.
    pub ratio: f64,
}

impl Default for Limits {
    /// A hundredth of a period, a hundredth of a period, a tenth.
    ///
    /// Of CARA's 29 test conjunctions those where the two-dimensional figure is right differ by at most 0.5 %, those
    /// where it is wrong by at least a factor of 2.5: where in between the limit lies decides little.
    fn default() -> Self {
        Self {
            extended: 0.01,
            offset: 0.01,
            ratio: 1.1,
        }
    }
}

/// Why a method's figure is not to be used.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "check")]
pub enum Unsuitable {
    /// The encounter lasts long: motion bends and uncertainty turns meanwhile.
    Extended {
        /// Seconds in which all but a thousandth of the collisions fall.
        seconds: f64,
        /// As a share of the shorter period.
        share: f64,
        /// The limit of the share.
        limit: f64,
    },
    /// Both are likeliest to meet at another time than that of closest approach.
    Offset {
        /// Seconds after the common time.
        seconds: f64,
        /// As a share of the shorter period.
        share: f64,
        /// The limit of the share.
        limit: f64,
    },
    /// A method with fewer assumptions gives another figure.
    Different {
        /// This method's figure over that one's.
        ratio: f64,
        /// The limit, either way.
        limit: f64,
    },
    /// The encounter reaches to an end of the window: what is outside was not counted.
    Cut,
    /// More than a tenth of a collision is expected: several entries may belong to one pair of orbits.
    Repeated {
        /// The expected number.
        collisions: f64,
    },
    /// The integral over time is not as exact as wanted.
    Inexact {
        /// Relative error, estimated.
        error: f64,
    },
}

impl std::fmt::Display for Unsuitable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Extended {
                seconds,
                share,
                limit,
            } => write!(
                formatter,
                "the encounter lasts {seconds:.1} s, {:.2} % of the shorter period (limit {:.2} %)",
                share * 100.0,
                limit * 100.0
            ),
            Self::Offset {
                seconds,
                share,
                limit,
            } => write!(
                formatter,
                "both are likeliest to meet {seconds:.1} s after the given time, {:.2} % of the shorter period (limit {:.2} %)",
                share * 100.0,
                limit * 100.0
            ),
            Self::Different { ratio, limit } => write!(
                formatter,
                "the figure is {} times that of a method with fewer assumptions (limit {limit} either way)",
                if (1e-3..1e4).contains(ratio) {
                    format!("{ratio:.3}")
                } else {
                    format!("{ratio:.3e}")
                }
            ),
            Self::Cut => write!(formatter, "the encounter goes on beyond the window"),
            Self::Repeated { collisions } => write!(
                formatter,
                "{collisions:.2} collisions are expected: a probability is smaller where the two meet repeatedly"
            ),
            Self::Inexact { error } => write!(
                formatter,
                "the integral over time is exact to {:.1} % only",
                error * 100.0
            ),
        }
    }
}

/// Which figure to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// The two-dimensional probability.
    TwoDimensional,
    /// The two-dimensional shortcut at the likeliest moment of meeting (2D-Nc).
    ExpectedInPlane,
    /// The three-dimensional expected number (3D-Nc).
    Expected,
    /// None of these: simulate.
    Simulation,
}

/// What all methods say of two bodies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RiskAssessment {
    /// The encounter plane and the two-dimensional probability; none where there is no relative motion.
    pub two_dimensional: Option<(EncounterPlane, f64)>,
    /// Why not to use it; empty: it is valid.
    pub against_two_dimensional: Vec<Unsuitable>,
    /// The shortcut, and why not to use it.
    pub in_plane: Option<PlaneCollisions>,
    /// Why not to use the shortcut.
    pub against_in_plane: Vec<Unsuitable>,
    /// The three-dimensional method; none where the two cannot meet.
    pub expected: Option<ExpectedCollisions>,
    /// Why to simulate instead.
    pub against_expected: Vec<Unsuitable>,
    /// What was repaired in the covariances, by whatever method.
    pub repairs: Vec<Repair>,
    /// The method with the fewest needs of those that are valid.
    pub method: Method,
    /// Its figure; that of the three-dimensional method (a guess) where none is valid.
    pub probability: f64,
}

/// Computes the risk by every method but simulation and checks which of them are valid.
///
/// States are at one common time, best that of closest approach; `radius` is that of both bodies, km.
///
/// # Errors
/// [`RiskError`]: states or covariances that cannot be used.
pub fn assess(
    first: &UncertainState,
    second: &UncertainState,
    radius: f64,
    limits: &Limits,
) -> Result<RiskAssessment, RiskError> {
    let pair = Conjunction::of(first, second, radius)?;
    let window = Window::of(&pair);
    let period = pair.shorter_period();
    let mut repairs = pair.repairs().to_vec();
    let two_dimensional = match EncounterPlane::repaired(&first.body(), &second.body(), radius) {
        Ok((plane, found)) => {
            repairs.extend(found);
            Some((plane, plane.probability(radius)?))
        }
        Err(RiskError::NoMotion) => None,
        Err(error) => return Err(error),
    };
    let in_plane = if_any(pair.expected_collisions_in_plane(&window))?;
    let expected = if_any(pair.expected_collisions(&window))?;
    let Some(three) = &expected else {
        // Nothing to compare with: the orbits are too far apart to meet at all.
        return Ok(RiskAssessment {
            probability: two_dimensional.map_or(0.0, |(_, value)| value),
            method: Method::TwoDimensional,
            two_dimensional,
            against_two_dimensional: Vec::new(),
            in_plane,
            against_in_plane: Vec::new(),
            expected,
            against_expected: Vec::new(),
            repairs,
        });
    };
    repairs.extend_from_slice(&three.repairs);
    let mut long = Vec::new();
    let seconds = three.active.to - three.active.from;
    // Where nothing is to be expected, the times of it say nothing.
    let nothing = three.collisions < f64::MIN_POSITIVE;
    if seconds > limits.extended * period && !nothing {
        long.push(Unsuitable::Extended {
            seconds,
            share: seconds / period,
            limit: limits.extended,
        });
    }
    let different = |figure: Option<f64>, better: f64| {
        let ratio = figure? / better;
        // Both are nothing: they agree.
        let same = figure? < f64::MIN_POSITIVE && better < f64::MIN_POSITIVE;
        let within = ratio <= limits.ratio && ratio >= 1.0 / limits.ratio;
        (!same && !within).then_some(Unsuitable::Different {
            ratio,
            limit: limits.ratio,
        })
    };
    let mut against_two_dimensional = long.clone();
    if three.peak.abs() > limits.offset * period && !nothing {
        against_two_dimensional.push(Unsuitable::Offset {
            seconds: three.peak,
            share: three.peak.abs() / period,
            limit: limits.offset,
        });
    }
    against_two_dimensional.extend(different(
        two_dimensional.map(|(_, value)| value),
        three.collisions,
    ));
    let mut against_in_plane = long.clone();
    against_in_plane.extend(different(
        in_plane.map(|found| found.collisions),
        three.collisions,
    ));
    let mut against_expected = long;
    let edge = 1e-3 * period;
    let cut = three.active.from < window.from + edge || three.active.to > window.to - edge;
    if cut && !nothing {
        against_expected.push(Unsuitable::Cut);
    }
    if three.collisions > 0.1 {
        against_expected.push(Unsuitable::Repeated {
            collisions: three.collisions,
        });
    }
    if three.error > 1e-2 {
        against_expected.push(Unsuitable::Inexact { error: three.error });
    }
    let (method, probability) = match (&two_dimensional, &in_plane) {
        (Some((_, value)), _) if against_two_dimensional.is_empty() => {
            (Method::TwoDimensional, *value)
        }
        (_, Some(found)) if against_in_plane.is_empty() => {
            (Method::ExpectedInPlane, found.collisions.min(1.0))
        }
        _ if against_expected.is_empty() => (Method::Expected, three.collisions.min(1.0)),
        _ => (Method::Simulation, three.collisions.min(1.0)),
    };
    Ok(RiskAssessment {
        two_dimensional,
        against_two_dimensional,
        in_plane,
        against_in_plane,
        expected,
        against_expected,
        repairs,
        method,
        probability,
    })
}

/// No meeting is no error here.
fn if_any<T>(found: Result<T, RiskError>) -> Result<Option<T>, RiskError> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(RiskError::NoOverlap | RiskError::NoMotion) => Ok(None),
        Err(other) => Err(other),
    }
}
