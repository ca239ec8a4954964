//! The encounter plane and the two-dimensional probability in it (Foster and Estes 1992; Alfano 2005).

use super::circle;
use crate::propagate::State;

/// One of the two bodies at the time of closest approach.
#[derive(Clone, Copy, Debug, PartialEq)]
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
}

/// What is known of an encounter in the plane across the relative velocity, on the covariance's own axes.
#[derive(Clone, Copy, Debug, PartialEq)]
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
            let axes = axes(&body.state).ok_or(RiskError::NotPossible("a state"))?;
            for (row, total) in covariance.iter_mut().enumerate() {
                for (column, total) in total.iter_mut().enumerate() {
                    for (i, own) in body.covariance_rtn.iter().enumerate() {
                        for (j, own) in own.iter().enumerate() {
                            *total += axes[i][row] * own * axes[j][column];
                        }
                    }
                }
            }
        }
        if !covariance.iter().flatten().all(|value| value.is_finite()) {
            return Err(RiskError::NotPossible("a covariance"));
        }
        // Two axes across the velocity; which two does not matter.
        let forward = rate.map(|axis| axis / speed);
        let helper = if forward[0].abs() < 0.6 {
            [1.0, 0.0, 0.0]
        } else {
            [0.0, 1.0, 0.0]
        };
        let one = unit(cross(forward, helper)).ok_or(RiskError::NoMotion)?;
        let two = cross(forward, one);
        let form = |a: [f64; 3], b: [f64; 3]| dot(a, covariance.map(|row| dot(row, b)));
        let (xx, xy, yy) = (form(one, one), form(one, two), form(two, two));
        // Principal axes.
        let angle = 0.5 * (2.0 * xy).atan2(xx - yy);
        let (sine, cosine) = angle.sin_cos();
        let half = 0.5 * (xx - yy).hypot(2.0 * xy);
        let middle = 0.5 * (xx + yy);
        let large = middle + half;
        // The small one from the determinant, which keeps its digits.
        let small = if large > 0.0 {
            (xx * yy - xy * xy) / large
        } else {
            middle - half
        };
        for variance in [large, small] {
            if variance <= 0.0 {
                return Err(RiskError::NotPositive(variance));
            }
        }
        let (x, y) = (dot(gap, one), dot(gap, two));
        Ok(Self {
            miss: [cosine * x + sine * y, cosine * y - sine * x],
            deviations: [large.sqrt(), small.sqrt()],
            along: form(forward, forward).max(0.0).sqrt(),
            speed,
        })
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
#[derive(Clone, Copy, Debug, PartialEq)]
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

/// Radial, along-track and across-track directions.
fn axes(state: &State) -> Option<[[f64; 3]; 3]> {
    let radial = unit(state.position)?;
    let across = unit(cross(state.position, state.velocity))?;
    Some([radial, cross(across, radial), across])
}

fn unit(vector: [f64; 3]) -> Option<[f64; 3]> {
    let length = dot(vector, vector).sqrt();
    (length > 0.0 && length.is_finite()).then(|| vector.map(|axis| axis / length))
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

fn subtract(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}
