//! Where the uncertainties of two bodies overlap most, and the relative state linearised there.
//!
//! Hall, "Expected collision rates for tracked satellites" (Journal of Spacecraft and Rockets 58, 2021): elements at
//! the time of closest approach are normal; at each later or earlier time the state is linearised in them not at the
//! mean, but at the elements that make both bodies meet and are together likeliest. There both states are normal, and
//! so is their difference.

use serde::{Deserialize, Serialize};

use super::equinoctial::{self, Elements};
use super::frame::to_inertial;
use super::repair::{Repair, Repaired, SPACE_SHARE, UNKNOWN, clip, clip_elements};
use super::{Body, RiskError};
use crate::matrix::{
    Square, add, apply, block, cross, dot, inverse, multiply, sandwich, scale, subtract, sum,
    symmetric, transpose,
};
use crate::propagate::State;

/// One of the two bodies with the uncertainty of all of its state.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct UncertainState {
    /// State, km and km/s, in an inertial frame common to both bodies.
    pub state: State,
    /// Covariance of position and velocity in the body's radial, along-track and across-track directions, as a
    /// conjunction data message has it but in km², km²/s and km²/s².
    pub covariance_rtn: [[f64; 6]; 6],
}

impl UncertainState {
    /// What the two-dimensional method needs of it.
    #[must_use]
    pub fn body(&self) -> Body {
        Body {
            state: self.state,
            covariance_rtn: block::<0, 0, 3>(&self.covariance_rtn),
        }
    }

    /// Why the covariance says nothing of where the body is, in words; `None` if it says something. Messages that must
    /// have a covariance and know none have zeros, or deviations of ten Earth radii and more.
    #[must_use]
    pub fn says_nothing(&self) -> Option<&'static str> {
        let variances = [0, 1, 2].map(|axis| self.covariance_rtn[axis][axis]);
        if variances == [0.0; 3] {
            Some("has variances of 0")
        } else if variances.iter().any(|one| *one >= UNKNOWN * UNKNOWN) {
            Some("has a deviation of ten Earth radii or more")
        } else {
            None
        }
    }

    fn check(&self, name: &'static str) -> Result<(), RiskError> {
        let all = self.state.position.iter().chain(&self.state.velocity);
        if !all
            .chain(self.covariance_rtn.iter().flatten())
            .all(|value| value.is_finite())
        {
            return Err(RiskError::NotPossible("a state or a covariance"));
        }
        for (index, row) in self.covariance_rtn.iter().enumerate() {
            let variance = row[index];
            if variance < 0.0 {
                return Err(RiskError::NegativeVariance {
                    body: name,
                    variance,
                });
            }
            if index < 3 && variance >= UNKNOWN * UNKNOWN {
                return Err(RiskError::UnknownPosition { body: name });
            }
        }
        Ok(())
    }
}

/// Elements and their covariance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Uncertain {
    pub(crate) elements: Elements,
    pub(crate) covariance: Square<6>,
}

/// Two bodies whose states are uncertain, at a common time near their closest approach.
#[derive(Clone, Debug)]
pub struct Conjunction {
    pub(crate) bodies: [Uncertain; 2],
    pub(crate) radius: f64,
    pub(crate) repairs: Vec<Repair>,
}

impl Conjunction {
    /// Two bodies and the radius of both together, km.
    ///
    /// Covariances that no uncertainty has are repaired ([`Conjunction::repairs`] tells). One of the two may be
    /// known exactly (all zero), not both.
    ///
    /// # Errors
    /// [`RiskError`]: what is not finite, unbound, or not known at all.
    pub fn of(
        first: &UncertainState,
        second: &UncertainState,
        radius: f64,
    ) -> Result<Self, RiskError> {
        if !(radius.is_finite() && radius > 0.0) {
            return Err(RiskError::NotPossible("the combined radius"));
        }
        first.check("first")?;
        second.check("second")?;
        let known =
            |body: &UncertainState| (0..3).all(|axis| body.covariance_rtn[axis][axis] == 0.0);
        if known(first) && known(second) {
            return Err(RiskError::NoCovariance);
        }
        let turn = turn(&first.state, &second.state);
        let mut repairs = Vec::new();
        let mut prepare = |body: &UncertainState, which: Repaired| {
            let moved = State {
                position: apply(&turn, body.state.position),
                velocity: apply(&turn, body.state.velocity),
            };
            let covariance = to_inertial(&moved, &body.covariance_rtn)?;
            let (elements, covariance) =
                equinoctial::uncertain(&moved, &covariance).ok_or(RiskError::Unbound)?;
            let (covariance, found) = clip_elements(&covariance, which);
            repairs.extend(found);
            Ok::<_, RiskError>(Uncertain {
                elements,
                covariance,
            })
        };
        let bodies = [
            prepare(first, Repaired::FirstElements)?,
            prepare(second, Repaired::SecondElements)?,
        ];
        Ok(Self {
            bodies,
            radius,
            repairs,
        })
    }

    /// What was repaired in the covariances.
    #[must_use]
    pub fn repairs(&self) -> &[Repair] {
        &self.repairs
    }

    /// The shorter of both periods, seconds.
    #[must_use]
    pub fn shorter_period(&self) -> f64 {
        let motion = |body: &Uncertain| body.elements[0];
        std::f64::consts::TAU / motion(&self.bodies[0]).max(motion(&self.bodies[1]))
    }

    /// The overlap some seconds after the common time; `None` where none is found: no bound orbits meet there. A start
    /// near the answer saves work; without one the means are the start.
    pub(crate) fn overlap(&self, seconds: f64, start: Option<&[Elements; 2]>) -> Option<Overlap> {
        let means = self.bodies.map(|body| body.elements);
        let mut state = Search {
            elements: start.copied().unwrap_or(means),
            last: f64::INFINITY,
        };
        self.search(seconds, &mut state, ROUNDS)
    }

    /// The squared distance alone, for a first look along the window: settled or not, as near a peak few rounds are
    /// enough, and far from one its digits do not matter.
    pub(crate) fn rough_distance(&self, seconds: f64) -> Option<f64> {
        let mut state = Search {
            elements: self.bodies.map(|body| body.elements),
            last: f64::INFINITY,
        };
        match self.search(seconds, &mut state, ROUGH_ROUNDS) {
            Some(found) => Some(found.distance),
            None => state.last.is_finite().then_some(state.last),
        }
    }

    fn search(&self, seconds: f64, state: &mut Search, rounds: usize) -> Option<Overlap> {
        let means = self.bodies.map(|body| body.elements);
        let floor = (SPACE_SHARE * self.radius).powi(2);
        let mut share_of_step = 1.0;
        for _ in 0..rounds {
            let [first, second] = state.elements;
            let one = Linear::of(&self.bodies[0], &first, seconds)?;
            let two = Linear::of(&self.bodies[1], &second, seconds)?;
            let gap = subtract(two.position(), one.position());
            let place = symmetric(&sum(&one.place, &two.place));
            let (place, repairs) = positive(place, floor);
            let weight = inverse(&place)?;
            let force = apply(&weight, gap);
            let distance = dot(gap, force);
            if !distance.is_finite() {
                return None;
            }
            if (distance - state.last).abs() <= 1e-8 * distance + 1e-7 {
                let all = sum(
                    &sandwich(&one.jacobian, &self.bodies[0].covariance),
                    &sandwich(&two.jacobian, &self.bodies[1].covariance),
                );
                return Some(Overlap {
                    gap,
                    rate: subtract(two.velocity(), one.velocity()),
                    position: place,
                    mixed: block::<3, 0, 3>(&all),
                    velocity: block::<3, 3, 3>(&all),
                    weight,
                    distance,
                    repairs,
                    elements: state.elements,
                });
            }
            if distance > state.last {
                // Steps that go too far are shortened.
                share_of_step = (0.5_f64 * share_of_step).max(0.1);
            }
            state.last = distance;
            // The likeliest elements that meet, as far as the linearisation holds.
            let targets = [
                add(means[0], apply(&one.spread, force)),
                subtract(means[1], apply(&two.spread, force)),
            ];
            for which in 0..2 {
                let from = state.elements[which];
                let step = subtract(targets[which], from);
                state.elements[which] = bound_step(means[which], from, step, share_of_step)?;
            }
        }
        None
    }
}

/// Rounds until the overlap must have settled; most do in five.
const ROUNDS: usize = 40;
const ROUGH_ROUNDS: usize = 15;

/// How far the search for an overlap has come.
struct Search {
    elements: [Elements; 2],
    last: f64,
}

/// One body linearised at some elements.
struct Linear {
    jacobian: Square<6>,
    /// Mean state as the linearisation has it: position and velocity.
    mean: [f64; 6],
    /// Covariance of the elements with the position.
    spread: [[f64; 3]; 6],
    /// Covariance of the position.
    place: Square<3>,
}

impl Linear {
    fn of(body: &Uncertain, elements: &Elements, seconds: f64) -> Option<Self> {
        let (state, jacobian) = equinoctial::linearised(elements, seconds)?;
        let shift = apply(&jacobian, subtract(body.elements, *elements));
        let mut mean = shift;
        for axis in 0..3 {
            mean[axis] += state.position[axis];
            mean[axis + 3] += state.velocity[axis];
        }
        let rows: [[f64; 6]; 3] = [jacobian[0], jacobian[1], jacobian[2]];
        let spread = multiply(&body.covariance, &transpose(&rows));
        Some(Self {
            mean,
            place: multiply(&rows, &spread),
            spread,
            jacobian,
        })
    }

    fn position(&self) -> [f64; 3] {
        [self.mean[0], self.mean[1], self.mean[2]]
    }

    fn velocity(&self) -> [f64; 3] {
        [self.mean[3], self.mean[4], self.mean[5]]
    }
}

/// So much of a step, or less, that the orbit stays bound.
fn bound_step(mean: Elements, from: Elements, step: Elements, share: f64) -> Option<Elements> {
    let mut share = share;
    while share > 1e-3 {
        let next = add(from, scale(step, share));
        if next[0] > 0.2 * mean[0] && next[1].hypot(next[2]) < 0.995 {
            return Some(next);
        }
        share *= 0.5;
    }
    None
}

/// A covariance of position with eigenvalues of at least `floor`; those of most are seen to be without finding them.
fn positive(place: Square<3>, floor: f64) -> (Square<3>, Vec<Repair>) {
    let [a, b, c] = place;
    let determinant = dot(a, cross(b, c));
    let trace = a[0] + b[1] + c[2];
    let minors = a[0] * b[1] - a[1] * b[0];
    // Positive minors: all eigenvalues are positive, and two of them multiply to at most a quarter of trace squared.
    if a[0] > 0.0 && minors > 0.0 && determinant > 0.25 * floor * trace * trace {
        return (place, Vec::new());
    }
    clip(&place, floor, Repaired::CombinedPosition)
}

/// The relative state, second minus first, as a normal distribution that is right where both meet.
#[derive(Clone, Debug)]
pub(crate) struct Overlap {
    /// Mean of the relative position, km.
    pub(crate) gap: [f64; 3],
    /// Mean of the relative velocity, km/s.
    pub(crate) rate: [f64; 3],
    /// Covariances: position, velocity with position, velocity.
    pub(crate) position: Square<3>,
    pub(crate) mixed: Square<3>,
    pub(crate) velocity: Square<3>,
    /// Inverse of that of position.
    pub(crate) weight: Square<3>,
    /// Squared Mahalanobis distance of meeting.
    pub(crate) distance: f64,
    pub(crate) repairs: Vec<Repair>,
    /// Where it was linearised.
    pub(crate) elements: [Elements; 2],
}

impl Overlap {
    /// How velocity follows position: the mean velocity given a displacement is `rate` plus this times it.
    pub(crate) fn slope(&self) -> Square<3> {
        multiply(&self.mixed, &self.weight)
    }

    /// The mean relative velocity where both meet.
    pub(crate) fn meeting_velocity(&self) -> [f64; 3] {
        subtract(self.rate, apply(&self.slope(), self.gap))
    }

    /// Determinant of the covariance of position.
    pub(crate) fn determinant(&self) -> f64 {
        let [a, b, c] = self.position;
        dot(a, cross(b, c))
    }
}

/// A turn of the common frame that keeps both orbits far from an inclination of 180°, where elements end. Where none
/// is needed the frame stays.
fn turn(first: &State, second: &State) -> Square<3> {
    let normals = [first, second].map(|state| {
        crate::matrix::unit(cross(state.position, state.velocity)).unwrap_or([0.0, 0.0, 1.0])
    });
    let least = |turn: &Square<3>| {
        normals
            .iter()
            .map(|normal| dot(turn[2], *normal))
            .fold(1.0, f64::min)
    };
    let stay = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    if least(&stay) > -0.98 {
        return stay;
    }
    let choices = [
        [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]],
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
        [[1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, -1.0]],
    ];
    choices
        .into_iter()
        .max_by(|a, b| least(a).total_cmp(&least(b)))
        .unwrap_or(stay)
}
