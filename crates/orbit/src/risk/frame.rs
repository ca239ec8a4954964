//! Covariances turned between the directions of a body and an inertial frame.

use super::RiskError;
use crate::matrix::{Square, sandwich, transpose};
use crate::propagate::State;
use crate::relative::rtn_axes;

/// The directions of a body, as the covariances need them.
///
/// # Errors
/// [`RiskError::NotPossible`] where there are none.
pub(super) fn axes(state: &State) -> Result<Square<3>, RiskError> {
    rtn_axes(state).ok_or(RiskError::NotPossible("a state"))
}

/// A covariance of position and velocity in RTN turned into the frame of the state (km², km²/s, km²/s²).
///
/// Velocities are relative to the inertial frame in both, as a conjunction data message has them (CCSDS 508.0-B-1,
/// section 6.2.3): the axes are turned, their rotation is not subtracted.
///
/// # Errors
/// [`RiskError::NotPossible`] when the state has no directions, see [`rtn_axes`].
pub fn to_inertial(
    state: &State,
    covariance_rtn: &[[f64; 6]; 6],
) -> Result<[[f64; 6]; 6], RiskError> {
    Ok(sandwich(&both(&transpose(&axes(state)?)), covariance_rtn))
}

/// The reverse of [`to_inertial`].
///
/// # Errors
/// [`RiskError::NotPossible`] when the state has no directions, see [`rtn_axes`].
pub fn to_rtn(state: &State, covariance: &[[f64; 6]; 6]) -> Result<[[f64; 6]; 6], RiskError> {
    Ok(sandwich(&both(&axes(state)?), covariance))
}

/// One turn for position and velocity.
fn both(turn: &Square<3>) -> Square<6> {
    let mut all = [[0.0; 6]; 6];
    for (row, values) in turn.iter().enumerate() {
        for (column, value) in values.iter().enumerate() {
            all[row][column] = *value;
            all[row + 3][column + 3] = *value;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::unit;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn there_and_back(
            position in proptest::array::uniform3(1000.0..8000.0_f64),
            velocity in proptest::array::uniform3(-7.0..7.0_f64),
            root in proptest::array::uniform6(proptest::array::uniform6(-1.0..1.0_f64)),
        ) {
            let state = State { position, velocity };
            let rtn = sandwich(&root, &std::array::from_fn(|i| std::array::from_fn(|j| f64::from(i == j))));
            let Ok(inertial) = to_inertial(&state, &rtn) else { return Ok(()) };
            let again = to_rtn(&state, &inertial).unwrap();
            for (one, two) in rtn.iter().flatten().zip(again.iter().flatten()) {
                prop_assert!((one - two).abs() < 1e-13);
            }
            // The variance along the radial direction does not depend on the frame.
            let radial = unit(position).unwrap();
            let mut seen = 0.0;
            for i in 0..3 { for j in 0..3 { seen += radial[i] * inertial[i][j] * radial[j]; } }
            prop_assert!((seen - rtn[0][0]).abs() < 1e-12);
        }
    }
}
