//! Samples of several strata for one stated detection probability, however the goal is taken.
//!
//! The IAEA's formula in its general form, `n = N (1 − β^{x/M}) / p` with the mass `x` of an item, the goal `M` and the probability `p`
//! that a defect is recognised, gives strata samples that fit together: taking `m_k` from stratum `k` is missed with
//! about `Π β^{m_k/M} = β` if the `m_k` add up to `M`, one stratum or a little from each. It is an approximation, so here
//! `β` is lowered until the exact rating by [`worst_case`] reaches the target.

use crate::allocation::{AllocationError, Candidate, check, cost};
use crate::attribute::{SampleError, check_target};
use crate::strata::{SampledStratum, StrataError, WorstCase, worst_case};
use thiserror::Error;

/// Why no samples could be found.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum ProtectionError {
    /// The target is not a probability between 0 and 1.
    #[error(transparent)]
    Target(#[from] SampleError),
    /// A stratum is not fit.
    #[error(transparent)]
    Strata(#[from] AllocationError),
    /// The strata together are not fit, or do not hold the goal.
    #[error(transparent)]
    Rating(#[from] StrataError),
    /// Inspecting everything is not enough.
    #[error(
        "inspecting every item of every stratum finds the goal with a probability of {best:.4} only: use a method that recognises \
         defects more often"
    )]
    Unreachable {
        /// Detection probability with everything inspected.
        best: f64,
    },
}

/// Samples with their rating.
#[derive(Debug, Clone, PartialEq)]
pub struct Protection {
    /// Items to inspect in each stratum.
    pub samples: Vec<u64>,
    /// Their rating against the way of taking the goal that they are least likely to find.
    pub rating: WorstCase,
}

/// Samples of all strata with which no way of taking `goal`, from one stratum or from several, is missed with a probability above
/// `non_detection`. The effort of the candidates does not count.
///
/// # Errors
/// [`ProtectionError`] when a stratum, the goal or the target is not fit, or inspecting everything is not enough.
pub fn samples_for_detection(
    strata: &[Candidate],
    goal: f64,
    non_detection: f64,
) -> Result<Protection, ProtectionError> {
    check_target(non_detection)?;
    check(strata)?;
    let rate = |samples: &[u64]| worst_case(&sampled(strata, samples), goal);
    let good = |rating: &WorstCase| rating.guaranteed >= (1.0 - non_detection) * (1.0 - 1e-12);
    let everything: Vec<u64> = strata.iter().map(|stratum| stratum.items).collect();
    let all = rate(&everything)?;
    if !good(&all) {
        return Err(ProtectionError::Unreachable {
            best: all.guaranteed,
        });
    }
    let mut best = Protection {
        samples: everything,
        rating: all,
    };
    // Logarithm of the β put into the formula: lower takes more items.
    let (mut low, mut high) = (-700.0_f64, 0.0_f64);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        let samples: Vec<u64> = strata
            .iter()
            .map(|stratum| sample_at(stratum, goal, middle))
            .collect();
        let rating = rate(&samples)?;
        if good(&rating) {
            low = middle;
            best = Protection { samples, rating };
        } else {
            high = middle;
        }
    }
    Ok(best)
}

/// Samples that cost at most `effort`, all of one strength by the same formula: the counterpart of [`crate::allocate_evenly`] where the
/// goal may be taken a little from each stratum. What the formula's whole numbers leave over is not spent.
///
/// # Errors
/// [`ProtectionError`] when a stratum or the goal is not fit.
pub fn samples_for_effort(
    strata: &[Candidate],
    goal: f64,
    effort: u64,
) -> Result<Protection, ProtectionError> {
    check(strata)?;
    let mut samples = vec![0; strata.len()];
    // Says what is not fit, before the goal is divided by.
    worst_case(&sampled(strata, &samples), goal)?;
    let (mut low, mut high) = (-700.0_f64, 0.0_f64);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        let candidate: Vec<u64> = strata
            .iter()
            .map(|stratum| sample_at(stratum, goal, middle))
            .collect();
        if cost(strata, &candidate) <= u128::from(effort) {
            high = middle;
            samples = candidate;
        } else {
            low = middle;
        }
    }
    let rating = worst_case(&sampled(strata, &samples), goal)?;
    Ok(Protection { samples, rating })
}

fn sample_at(stratum: &Candidate, goal: f64, log_missing: f64) -> u64 {
    let share = -(log_missing * stratum.mass_of_an_item / goal).exp_m1();
    let needed = (stratum.items as f64 * share / stratum.identification).ceil();
    (needed.max(0.0) as u64).min(stratum.items)
}

fn sampled(strata: &[Candidate], samples: &[u64]) -> Vec<SampledStratum> {
    strata
        .iter()
        .zip(samples)
        .map(|(stratum, sample)| SampledStratum {
            name: stratum.name.clone(),
            items: stratum.items,
            mass_of_an_item: stratum.mass_of_an_item,
            sample: *sample,
            identification: stratum.identification,
        })
        .collect()
}
