//! Covariances that cannot be: told, and repaired by clipping eigenvalues.
//!
//! Hall, Hejduk, Johnson: "Remediating non-positive definite state covariances for collision probability
//! estimation" (AAS 17-567): an eigenvalue below a small share of the radius squared is raised to it, which among
//! the repairs they compare changes probabilities least.

use serde::{Deserialize, Serialize};

use crate::matrix::{Square, eigen, from_eigen};

/// The smallest deviation in the encounter plane, as a share of the radius of both bodies (AAS 17-567).
pub(crate) const PLANE_SHARE: f64 = 1e-4;
/// The smallest deviation in space: below it the integral over a sphere is not resolved. It widens the body by
/// no more than two ten-thousandths (the root of 1 + 1/50²).
pub(crate) const SPACE_SHARE: f64 = 0.02;
/// A deviation of ten Earth radii: what catalogues write where they know nothing (km).
pub(crate) const UNKNOWN: f64 = 63_781.35;

/// Which covariance was repaired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Repaired {
    /// That of both bodies together, in the encounter plane: eigenvalues in km².
    EncounterPlane,
    /// That of both bodies' positions together, where their uncertainties overlap most: eigenvalues in km².
    CombinedPosition,
    /// That of the first body's elements: eigenvalues of the correlation matrix, which add up to six.
    FirstElements,
    /// That of the second body's.
    SecondElements,
}

/// An eigenvalue that was raised.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repair {
    /// Of which covariance.
    pub covariance: Repaired,
    /// What it was.
    pub from: f64,
    /// What it was raised to.
    pub to: f64,
}

impl std::fmt::Display for Repair {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = match self.covariance {
            Repaired::EncounterPlane => "covariance in the encounter plane (km²)",
            Repaired::CombinedPosition => "combined covariance of position (km²)",
            Repaired::FirstElements => "correlation matrix of the first body",
            Repaired::SecondElements => "correlation matrix of the second body",
        };
        write!(
            formatter,
            "an eigenvalue of the {name} was {:.3e} and was raised to {:.3e}",
            self.from, self.to
        )
    }
}

/// The covariance with every eigenvalue at least `floor`, and what was raised.
pub(crate) fn clip<const N: usize>(
    matrix: &Square<N>,
    floor: f64,
    covariance: Repaired,
) -> (Square<N>, Vec<Repair>) {
    let (mut values, vectors) = eigen(matrix);
    let mut repairs = Vec::new();
    for value in &mut values {
        // A value that is not a number stays one and is refused where it is used.
        if *value < floor {
            repairs.push(Repair {
                covariance,
                from: *value,
                to: floor,
            });
            *value = floor;
        }
    }
    if repairs.is_empty() {
        (*matrix, repairs)
    } else {
        (from_eigen(values, &vectors), repairs)
    }
}

/// The covariance of elements with no negative eigenvalue of its correlation matrix (whose entries, unlike those of
/// the covariance, are of one size). Rounding alone makes values of about -1e-12, which are raised silently.
pub(crate) fn clip_elements(matrix: &Square<6>, covariance: Repaired) -> (Square<6>, Vec<Repair>) {
    let deviations: [f64; 6] = std::array::from_fn(|index| matrix[index][index].max(0.0).sqrt());
    let share = |value: f64, row: usize, column: usize| {
        let size = deviations[row] * deviations[column];
        if size > 0.0 { value / size } else { 0.0 }
    };
    let correlation = std::array::from_fn(|row| {
        std::array::from_fn(|column| share(matrix[row][column], row, column))
    });
    let (clipped, mut repairs) = clip::<6>(&correlation, 0.0, covariance);
    if repairs.is_empty() {
        return (*matrix, repairs);
    }
    let repaired = std::array::from_fn(|row| {
        std::array::from_fn(|column| clipped[row][column] * deviations[row] * deviations[column])
    });
    repairs.retain(|repair| repair.from < -1e-9);
    (repaired, repairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::{dot, eigen};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_nearest_above_the_floor(
            root in proptest::array::uniform3(proptest::array::uniform3(-1.0..1.0_f64)),
            other in proptest::array::uniform3(proptest::array::uniform3(-1.0..1.0_f64)),
        ) {
            let matrix = crate::matrix::symmetric(&root);
            let (repaired, repairs) = clip(&matrix, 0.01, Repaired::CombinedPosition);
            let (values, _) = eigen(&repaired);
            prop_assert!(values.iter().all(|value| *value > 0.01 - 1e-12));
            let (before, _) = eigen(&matrix);
            prop_assert_eq!(repairs.len(), before.iter().filter(|value| **value < 0.01).count());
            // No other matrix with such eigenvalues is nearer (in the sum of squares).
            let other = crate::matrix::sandwich(&other, &from_eigen([1.0; 3], &[[1.0,0.0,0.0],[0.0,1.0,0.0],[0.0,0.0,1.0]]));
            let (other, _) = clip(&other, 0.01, Repaired::CombinedPosition);
            let off = |a: &Square<3>| -> f64 { a.iter().zip(&matrix).map(|(x, y)| { let d = crate::matrix::subtract(*x, *y); dot(d, d) }).sum() };
            prop_assert!(off(&repaired) <= off(&other) + 1e-12);
        }
    }
}
