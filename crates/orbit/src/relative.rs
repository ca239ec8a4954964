//! One object seen from another.

use crate::matrix::{angle, apply, cross, length, subtract, unit};
use crate::propagate::State;

/// An object seen from another at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Relative {
    /// Where it is: radial, along track, across track of the object that sees, km.
    pub position: [f64; 3],
    /// Its velocity in the same directions, their rotation not counted, km/s.
    pub velocity: [f64; 3],
    /// Angle between both velocities, degrees.
    pub angle: f64,
}

impl Relative {
    /// The state `of`, seen from the state `from`; `None` where that has no directions (see [`rtn_axes`]).
    #[must_use]
    pub fn between(from: &State, of: &State) -> Option<Self> {
        let axes = rtn_axes(from)?;
        Some(Self {
            position: apply(&axes, subtract(of.position, from.position)),
            velocity: apply(&axes, subtract(of.velocity, from.velocity)),
            angle: angle(from.velocity, of.velocity),
        })
    }

    /// Distance, km.
    #[must_use]
    pub fn distance(&self) -> f64 {
        length(self.position)
    }

    /// Relative speed, km/s.
    #[must_use]
    pub fn speed(&self) -> f64 {
        length(self.velocity)
    }
}

/// Unit vectors radial, along-track and across-track (RTN) of a state, as rows.
///
/// Radial points away from the Earth's centre, across-track along the angular momentum, along-track completes them. `None` when the
/// state is not finite, is at the centre, or moves straight up or down.
#[must_use]
pub fn rtn_axes(state: &State) -> Option<[[f64; 3]; 3]> {
    let radial = unit(state.position)?;
    let across = unit(cross(state.position, state.velocity))?;
    Some([radial, cross(across, radial), across])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_of_an_equatorial_orbit() {
        let state = State {
            position: [7000.0, 0.0, 0.0],
            velocity: [0.0, 7.5, 0.0],
        };
        assert_eq!(
            rtn_axes(&state).unwrap(),
            [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
        );
        let ahead = State {
            position: [7000.0, 3.0, -4.0],
            velocity: [0.0, 0.0, 7.5],
        };
        let seen = Relative::between(&state, &ahead).unwrap();
        assert_eq!(seen.position, [0.0, 3.0, -4.0]);
        assert_eq!((seen.distance(), seen.angle), (5.0, 90.0));
        assert!((seen.speed() - 7.5 * 2.0_f64.sqrt()).abs() < 1e-12);
        let falling = State {
            velocity: [-1.0, 0.0, 0.0],
            ..state
        };
        assert_eq!(rtn_axes(&falling), None);
        assert_eq!(Relative::between(&falling, &state), None);
    }
}
