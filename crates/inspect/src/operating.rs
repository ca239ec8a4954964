//! The operating characteristic of a plan: detection probability against the number of defects.

use crate::attribute::{SampleError, check_sample, check_small_population};
use crate::identification::{check_identification, miss_imperfect};

/// Detection probability of a sample for 0, 1, … `most_defects` defects.
///
/// # Errors
/// [`SampleError`] when population, sample or identification probability are not fit.
pub fn operating_characteristic(
    items: u64,
    sample: u64,
    identification: f64,
    most_defects: u64,
) -> Result<impl Iterator<Item = (u64, f64)>, SampleError> {
    check_small_population(items, most_defects)?;
    check_sample(items, sample)?;
    check_identification(identification)?;
    Ok((0..=most_defects).map(move |defects| {
        (
            defects,
            1.0 - miss_imperfect(items, defects, sample, identification),
        )
    }))
}
