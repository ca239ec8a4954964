//! What a message says, as numbers in the standard's units.

mod cdm;
mod omm;

pub use cdm::{Cdm, CdmObject};
pub use omm::Omm;

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
