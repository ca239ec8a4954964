//! What a message says, as numbers in the standard's units.

mod cdm;
mod ocm;
mod oem;
mod omm;
mod opm;
mod tdm;

pub use cdm::{Cdm, CdmObject};
pub use ocm::{History, Ocm, Time};
pub use oem::{EphemerisCovariance, OemSegment, State};
pub use omm::Omm;
pub use opm::{Anomaly, KeplerianElements, Maneuver, Opm};
pub use tdm::{Observation, TdmSegment};

/// The lower triangle of a symmetric matrix, row by row, as a full matrix.
fn symmetric<const N: usize>(
    mut element: impl FnMut(usize) -> Option<f64>,
) -> Option<[[f64; N]; N]> {
    let mut matrix = [[0.0; N]; N];
    let mut next = 0;
    for row in 0..N {
        for column in 0..=row {
            let value = element(next)?;
            next += 1;
            if let Some(place) = matrix.get_mut(row).and_then(|line| line.get_mut(column)) {
                *place = value;
            }
            if let Some(place) = matrix.get_mut(column).and_then(|line| line.get_mut(row)) {
                *place = value;
            }
        }
    }
    Some(matrix)
}
