//! The two states of a conjunction data message.

use super::super::near::rtn;
use detente_ccsds::{Cdm, CdmObject};
use detente_orbit::propagate::State;
use detente_orbit::risk::UncertainState;

/// Rotation of the Earth, rad/s (IERS Conventions 2010, table 1.2).
const EARTH_RATE: f64 = 7.292_115e-5;
/// Deviation of a position, km, from which on it is not known: ten Earth radii.
const UNKNOWN: f64 = 63_781.35;

/// An encounter as a message states it.
pub(super) struct Encounter {
    /// States (km, km/s) in one inertial frame; covariances as far as they are known, else all zero.
    pub(super) states: [UncertainState; 2],
    /// Whether each has a covariance; if not, in words why.
    pub(super) known: [Result<(), &'static str>; 2],
    /// The second seen from the first: radial, along track, across track, km.
    pub(super) position: [f64; 3],
    /// Its velocity in the same directions, km/s.
    pub(super) velocity: [f64; 3],
    /// Angle between both velocities, degrees.
    pub(super) angle: f64,
}

impl Encounter {
    /// Distance, km.
    pub(super) fn distance(&self) -> f64 {
        length(self.position)
    }

    /// Relative speed, km/s.
    pub(super) fn speed(&self) -> f64 {
        length(self.velocity)
    }
}

/// The encounter of a message; else why there is none.
pub(super) fn encounter(cdm: &Cdm<'_>) -> Result<Encounter, String> {
    let objects = cdm
        .objects()
        .ok_or("OBJECT1 or OBJECT2 is missing: check the message")?;
    let [first, second] = &objects;
    if first.reference_frame() != second.reference_frame() {
        return Err(format!(
            "the states are given in two frames, {} and {}: ask the sender for both in one",
            first.reference_frame().unwrap_or("none"),
            second.reference_frame().unwrap_or("none"),
        ));
    }
    let state = |object: &CdmObject<'_>| {
        let (position, velocity) = object.position().zip(object.velocity())?;
        Some(inertial(position, velocity, object.reference_frame()))
    };
    let (Some(one), Some(other)) = (state(first), state(second)) else {
        return Err("a state vector is missing: check the message".to_owned());
    };
    let [(first, first_known), (second, second_known)] =
        [(first, one), (second, other)].map(|(object, state)| uncertain(object, state));
    let (position, velocity) = (rtn(&one, &other), turned(&one, &other));
    if !position
        .iter()
        .chain(&velocity)
        .all(|axis| axis.is_finite())
    {
        return Err("a state is not finite or not possible: check the message".to_owned());
    }
    Ok(Encounter {
        states: [first, second],
        known: [first_known, second_known],
        position,
        velocity,
        angle: angle(one.velocity, other.velocity),
    })
}

/// A state in an inertial frame. A frame that turns with the Earth is taken as it stands at this instant: positions stay,
/// and velocities get the motion of the frame.
fn inertial(position: [f64; 3], velocity: [f64; 3], frame: Option<&str>) -> State {
    let [x, y, _] = position;
    let [u, v, w] = velocity;
    let velocity = if frame == Some("ITRF") {
        [u - EARTH_RATE * y, v + EARTH_RATE * x, w]
    } else {
        velocity
    };
    State { position, velocity }
}

/// A state with its covariance in km and seconds, if it has one that says something.
fn uncertain(object: &CdmObject<'_>, state: State) -> (UncertainState, Result<(), &'static str>) {
    let none = |why| {
        let covariance_rtn = [[0.0; 6]; 6];
        (
            UncertainState {
                state,
                covariance_rtn,
            },
            Err(why),
        )
    };
    let Some(covariance) = object.covariance() else {
        return none("is not given");
    };
    let covariance_rtn = covariance.map(|row| row.map(|value| value * 1e-6));
    let variances = [0, 1, 2].map(|axis: usize| covariance_rtn[axis][axis]);
    if variances.iter().all(|variance| *variance == 0.0) {
        return none("has variances of 0");
    }
    if variances
        .iter()
        .any(|variance| *variance >= UNKNOWN * UNKNOWN)
    {
        return none("has a deviation of ten Earth radii or more");
    }
    (
        UncertainState {
            state,
            covariance_rtn,
        },
        Ok(()),
    )
}

/// The relative velocity in the first body's directions: [`rtn`] of two states whose places are their velocities.
fn turned(one: &State, other: &State) -> [f64; 3] {
    let gap = [0, 1, 2].map(|axis| other.velocity[axis] - one.velocity[axis]);
    let beside = State {
        position: [0, 1, 2].map(|axis| one.position[axis] + gap[axis]),
        velocity: other.velocity,
    };
    rtn(one, &beside)
}

fn length(vector: [f64; 3]) -> f64 {
    vector.iter().map(|axis| axis * axis).sum::<f64>().sqrt()
}

fn angle(a: [f64; 3], b: [f64; 3]) -> f64 {
    let dot: f64 = a.iter().zip(&b).map(|(x, y)| x * y).sum();
    let cross = [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ];
    length(cross).atan2(dot).to_degrees()
}
