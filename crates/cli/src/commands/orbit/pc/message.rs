//! The two states of a conjunction data message.

use detente_ccsds::{Cdm, CdmObject};
use detente_orbit::frame::stopped;
use detente_orbit::propagate::State;
use detente_orbit::relative::Relative;
use detente_orbit::risk::UncertainState;

/// An encounter as a message states it.
pub(super) struct Encounter {
    /// States (km, km/s) in one inertial frame; covariances as far as they are known, else all zero.
    pub(super) states: [UncertainState; 2],
    /// Whether each has a covariance; if not, in words why.
    pub(super) known: [Result<(), &'static str>; 2],
    /// The second seen from the first.
    pub(super) seen: Relative,
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
        let state = State { position, velocity };
        Some(match object.reference_frame() {
            Some("ITRF") => stopped(&state),
            _ => state,
        })
    };
    let (Some(one), Some(other)) = (state(first), state(second)) else {
        return Err("a state vector is missing: check the message".to_owned());
    };
    let [(first, first_known), (second, second_known)] =
        [(first, one), (second, other)].map(|(object, state)| uncertain(object, state));
    let seen = Relative::between(&one, &other)
        .filter(|seen| seen.distance().is_finite() && seen.speed().is_finite())
        .ok_or("a state is not finite or not possible: check the message")?;
    Ok(Encounter {
        states: [first, second],
        known: [first_known, second_known],
        seen,
    })
}

/// A state with its covariance in km and seconds, all zero where it says nothing.
fn uncertain(object: &CdmObject<'_>, state: State) -> (UncertainState, Result<(), &'static str>) {
    let without = UncertainState {
        state,
        covariance_rtn: [[0.0; 6]; 6],
    };
    let Some(covariance) = object.covariance() else {
        return (without, Err("is not given"));
    };
    let with = UncertainState {
        covariance_rtn: covariance.map(|row| row.map(|value| value * 1e-6)),
        ..without
    };
    match with.says_nothing() {
        None => (with, Ok(())),
        Some(why) => (without, Err(why)),
    }
}
