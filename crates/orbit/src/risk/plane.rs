//! The encounter plane and the two-dimensional probability in it (Foster and Estes 1992; Alfano 2005).

use serde::{Deserialize, Serialize};

use super::circle;
use super::frame::axes;
use super::repair::{PLANE_SHARE, Repair, Repaired};
use crate::matrix::{across, dot, subtract};
use crate::propagate::State;

/// One of the two bodies at the time of closest approach.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// State, km and km/s, in an inertial frame common to both.
    pub state: State,
    /// Covariance of position, km², in the body's radial, along-track and across-track directions.
    pub covariance_rtn: [[f64; 3]; 3],
}

/// Why no probability can be computed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RiskError {
    /// No relative motion: there is no encounter plane.
    #[error("the two bodies do not move relative to each other: there is no encounter plane")]
    NoMotion,
    /// Something that is not a number.
    #[error("{0} is not finite or not possible: check the message")]
    NotPossible(&'static str),
    /// The combined covariance in the plane is not positive definite and was not repaired.
    #[error(
        "the combined covariance in the encounter plane has a variance of {0} km² along an axis: it must be positive"
    )]
    NotPositive(f64),
    /// A variance below nothing.
    #[error("the {body} body has a variance of {variance:e} (km, s): check the message")]
    NegativeVariance {
        /// Which body.
        body: &'static str,
        /// The variance.
        variance: f64,
    },
    /// A deviation of ten Earth radii or more, which catalogues write where they know nothing.
    #[error("the {body} body's position is not known: its deviation is ten Earth radii or more")]
    UnknownPosition {
        /// Which body.
        body: &'static str,
    },
    /// Neither body has a covariance of position.
    #[error("neither body has a covariance of position: without one there is no probability")]
    NoCovariance,
    /// A body that does not go round the Earth.
    #[error("a body is not in a bound orbit, or moves straight up or down")]
    Unbound,
    /// The uncertain orbits never meet in the window.
    #[error("the two orbits do not meet within the window, however uncertain they are")]
    NoOverlap,
    /// Not so many trials.
    #[error("the number of trials must be between 1 and 2^53")]
    Trials,
}

/// What is known of an encounter in the plane across the relative velocity, on the covariance's own axes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EncounterPlane {
    /// Miss along the axes, km.
    pub miss: [f64; 2],
    /// Standard deviations along the axes, km.
    pub deviations: [f64; 2],
    /// Standard deviation along the relative velocity, km.
    pub along: f64,
    /// Relative speed, km/s.
    pub speed: f64,
}

impl EncounterPlane {
    /// The plane of two bodies.
    ///
    /// # Errors
    /// [`RiskError`].
    pub fn of(first: &Body, second: &Body) -> Result<Self, RiskError> {
        Ok(Self::with_floor(first, second, None)?.0)
    }

    /// The plane of two bodies whose combined covariance may be none in the plane: variances below (10⁻⁴ radius)² are
    /// raised to it (AAS 17-567), and what was raised is told.
    ///
    /// # Errors
    /// [`RiskError`], but not [`RiskError::NotPositive`].
    pub fn repaired(
        first: &Body,
        second: &Body,
        radius: f64,
    ) -> Result<(Self, Vec<Repair>), RiskError> {
        if !(radius.is_finite() && radius > 0.0) {
            return Err(RiskError::NotPossible("the combined radius"));
        }
        Self::with_floor(first, second, Some((PLANE_SHARE * radius).powi(2)))
    }

    fn with_floor(
        first: &Body,
        second: &Body,
        floor: Option<f64>,
    ) -> Result<(Self, Vec<Repair>), RiskError> {
        let gap = subtract(second.state.position, first.state.position);
        let rate = subtract(second.state.velocity, first.state.velocity);
        let speed = dot(rate, rate).sqrt();
        if !gap.iter().chain(&rate).all(|value| value.is_finite()) {
            return Err(RiskError::NotPossible("a state"));
        }
        if speed <= 0.0 {
            return Err(RiskError::NoMotion);
        }
        let mut covariance = [[0.0; 3]; 3];
        for body in [first, second] {
            let axes = axes(&body.state)?;
            let turned =
                crate::matrix::sandwich(&crate::matrix::transpose(&axes), &body.covariance_rtn);
            covariance = crate::matrix::sum(&covariance, &turned);
        }
        if !covariance.iter().flatten().all(|value| value.is_finite()) {
            return Err(RiskError::NotPossible("a covariance"));
        }
        let forward = rate.map(|axis| axis / speed);
        let [one, two] = across(forward).ok_or(RiskError::NoMotion)?;
        let form = |a: [f64; 3], b: [f64; 3]| dot(a, crate::matrix::apply(&covariance, b));
        let mut axes = principal(form(one, one), form(one, two), form(two, two));
        let mut repairs = Vec::new();
        for variance in [&mut axes.large, &mut axes.small] {
            if let Some(floor) = floor
                && *variance < floor
            {
                repairs.push(Repair {
                    covariance: Repaired::EncounterPlane,
                    from: *variance,
                    to: floor,
                });
                *variance = floor;
            }
            if variance.is_nan() || *variance <= 0.0 {
                return Err(RiskError::NotPositive(*variance));
            }
        }
        let plane = Self {
            miss: axes.turn([dot(gap, one), dot(gap, two)]),
            deviations: [axes.large.sqrt(), axes.small.sqrt()],
            along: form(forward, forward).max(0.0).sqrt(),
            speed,
        };
        Ok((plane, repairs))
    }

    /// The probability that the two come within `radius` (km, of both bodies together) of each other,
    /// if the encounter is short and straight: see [`doubts`].
    ///
    /// # Errors
    /// [`RiskError::NotPossible`] for a radius that is not positive.
    pub fn probability(&self, radius: f64) -> Result<f64, RiskError> {
        if !(radius.is_finite() && radius > 0.0) {
            return Err(RiskError::NotPossible("the combined radius"));
        }
        Ok(circle::integral(self.miss, self.deviations, radius))
    }
}

/// A reason to doubt the two-dimensional probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Doubt {
    /// The uncertainty takes long to pass: so many seconds, more than a hundredth of the shorter orbit.
    Slow {
        /// Time in which five deviations along the relative velocity pass, seconds.
        seconds: f64,
    },
    /// An along-track uncertainty so long that the orbit bends away from the straight line within it:
    /// by so many km, compared with the small deviation in the plane.
    Bent {
        /// How far the orbit bends within three deviations, km.
        sagitta: f64,
    },
    /// The velocity is uncertain by more than a hundredth of the relative speed, judged by the along-track
    /// deviation's share of the orbit.
    Turning,
}

/// Reasons to doubt the two-dimensional probability of two bodies; `radius` is that of both together, km.
///
/// The method takes relative motion as straight, the covariance as constant, and the encounter as short.
#[must_use]
pub fn doubts(first: &Body, second: &Body, plane: &EncounterPlane, radius: f64) -> Vec<Doubt> {
    const EARTH: f64 = 398_600.8;
    let mut doubts = Vec::new();
    let rate = |body: &Body| {
        let distance = dot(body.state.position, body.state.position).sqrt();
        (EARTH / distance.powi(3)).sqrt()
    };
    let period = std::f64::consts::TAU / rate(first).max(rate(second));
    let seconds = (5.0 * plane.along + radius) / plane.speed;
    if seconds > 0.01 * period {
        doubts.push(Doubt::Slow { seconds });
    }
    let sagitta = [first, second]
        .iter()
        .map(|body| {
            let distance = dot(body.state.position, body.state.position).sqrt();
            9.0 * body.covariance_rtn[1][1].max(0.0) / (2.0 * distance)
        })
        .fold(0.0, f64::max);
    if sagitta > 0.1 * (plane.deviations[1] + radius) {
        doubts.push(Doubt::Bent { sagitta });
    }
    let turning = [first, second].iter().any(|body| {
        let distance = dot(body.state.position, body.state.position).sqrt();
        let speed = dot(body.state.velocity, body.state.velocity).sqrt();
        let angle = 3.0 * body.covariance_rtn[1][1].max(0.0).sqrt() / distance;
        angle * speed > 0.01 * plane.speed
    });
    if turning {
        doubts.push(Doubt::Turning);
    }
    doubts
}

/// Variances along the principal axes of a covariance of two, and the turn to them.
pub(crate) struct Principal {
    pub(crate) large: f64,
    pub(crate) small: f64,
    sine: f64,
    cosine: f64,
}

pub(crate) fn principal(xx: f64, xy: f64, yy: f64) -> Principal {
    let (sine, cosine) = (0.5 * (2.0 * xy).atan2(xx - yy)).sin_cos();
    let half = 0.5 * (xx - yy).hypot(2.0 * xy);
    let middle = 0.5 * (xx + yy);
    let large = middle + half;
    // The small one from the determinant, which keeps its digits.
    let small = if large > 0.0 {
        (xx * yy - xy * xy) / large
    } else {
        middle - half
    };
    Principal {
        large,
        small,
        sine,
        cosine,
    }
}

impl Principal {
    /// Coordinates on the principal axes.
    pub(crate) fn turn(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [
            self.cosine * x + self.sine * y,
            self.cosine * y - self.sine * x,
        ]
    }
}
