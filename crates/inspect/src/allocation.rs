//! Dividing a fixed effort over strata.

use thiserror::Error;

use crate::attribute::{SampleError, check_small_population, defects_for_goal};
use crate::identification::{check_identification, miss_imperfect, sample_size_imperfect};

/// A stratum that effort may be spent on.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Name for messages.
    pub name: String,
    /// Items in it.
    pub items: u64,
    /// Mass (or whatever the goal counts) of an item.
    pub mass_of_an_item: f64,
    /// Probability that an inspected defect is recognised.
    pub identification: f64,
    /// Effort to inspect an item, in whole units (minutes, say).
    pub effort: u64,
}

/// Why effort could not be allocated.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum AllocationError {
    /// No strata.
    #[error("there are no strata")]
    NoStrata,
    /// A stratum is not fit.
    #[error("stratum '{stratum}': {source}")]
    Stratum {
        /// The stratum.
        stratum: String,
        /// What is wrong.
        source: SampleError,
    },
    /// A mass that is not above 0.
    #[error("{what} is {value}: state a finite number above 0")]
    BadMass {
        /// Whose mass.
        what: String,
        /// The value.
        value: f64,
    },
    /// An item that costs nothing to inspect.
    #[error(
        "stratum '{stratum}' takes no effort: state 1 or more, or inspect it all and leave it out"
    )]
    NoEffort {
        /// The stratum.
        stratum: String,
    },
    /// No stratum alone holds the goal.
    #[error(
        "no stratum alone holds the goal of {goal}: rate plans with `worst_case`, or state a smaller goal"
    )]
    GoalBeyondEveryStratum {
        /// The goal.
        goal: f64,
    },
    /// The number of assumed defects does not fit the number of strata.
    #[error("{found} numbers of defects for {expected} strata")]
    WrongLength {
        /// Strata.
        expected: usize,
        /// Numbers given.
        found: usize,
    },
    /// Too much to search exactly.
    #[error("{work} steps would be needed and {limit} is the limit: state effort in coarser units")]
    TooLarge {
        /// Steps needed.
        work: u128,
        /// The limit.
        limit: u128,
    },
}

/// A division of effort.
#[derive(Debug, Clone, PartialEq)]
pub struct Allocation {
    /// Items to inspect in each stratum.
    pub samples: Vec<u64>,
    /// Effort used.
    pub effort: u64,
    /// Detection probability that the allocation was chosen for.
    pub detection: f64,
}

/// The allocation that makes the detection probability as large as possible in the stratum where it is smallest, when the
/// goal quantity is taken from one stratum alone: the best against someone who knows the plan and takes from one place.
/// Strata that do not hold the goal get nothing; use [`crate::worst_case`] to rate the result against taking a little from
/// each.
///
/// # Errors
/// [`AllocationError`] when a stratum or the goal is not fit, or no stratum alone holds the goal.
pub fn allocate_evenly(
    strata: &[Candidate],
    goal: f64,
    effort: u64,
) -> Result<Allocation, AllocationError> {
    check(strata)?;
    if !(goal.is_finite() && goal > 0.0) {
        return Err(AllocationError::BadMass {
            what: "the goal quantity".to_owned(),
            value: goal,
        });
    }
    let defects: Vec<Option<u64>> = strata
        .iter()
        .map(|stratum| {
            defects_for_goal(goal, stratum.mass_of_an_item).filter(|count| *count <= stratum.items)
        })
        .collect();
    if defects.iter().all(Option::is_none) {
        return Err(AllocationError::GoalBeyondEveryStratum { goal });
    }
    let samples_for = |target: f64| -> Vec<u64> {
        strata
            .iter()
            .zip(&defects)
            .map(|(stratum, defects)| match defects {
                Some(count) if target < 1.0 => {
                    sample_size_imperfect(stratum.items, *count, target, stratum.identification)
                        .unwrap_or(stratum.items)
                }
                _ => 0,
            })
            .collect()
    };
    // The effort grows as the target falls; find, to the last bit that matters, the smallest target it can pay for.
    let affordable = |samples: &[u64]| cost(strata, samples) <= u128::from(effort);
    let (mut low, mut high) = (-700.0_f64, 0.0_f64);
    let mut samples = vec![0; strata.len()];
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        let candidate = samples_for(middle.exp());
        if affordable(&candidate) {
            high = middle;
            samples = candidate;
        } else {
            low = middle;
        }
    }
    spend_rest(strata, &defects, effort, &mut samples);
    let detection = worst(strata, &defects, &samples).map_or(0.0, |(_, missing)| 1.0 - missing);
    Ok(Allocation {
        effort: u64::try_from(cost(strata, &samples)).unwrap_or(u64::MAX),
        samples,
        detection,
    })
}

/// The stratum with the largest non-detection probability, among those that hold the goal.
fn worst(strata: &[Candidate], defects: &[Option<u64>], samples: &[u64]) -> Option<(usize, f64)> {
    strata
        .iter()
        .zip(defects)
        .zip(samples)
        .enumerate()
        .filter_map(|(position, ((stratum, defects), sample))| {
            defects.map(|count| {
                (
                    position,
                    miss_imperfect(stratum.items, count, *sample, stratum.identification),
                )
            })
        })
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
}

/// Spends what is left on whichever stratum is worst off, as long as it can be paid for.
fn spend_rest(strata: &[Candidate], defects: &[Option<u64>], effort: u64, samples: &mut [u64]) {
    loop {
        let left = u128::from(effort).saturating_sub(cost(strata, samples));
        let affordable = |position: usize, samples: &[u64]| {
            samples[position] < strata[position].items
                && u128::from(strata[position].effort) <= left
        };
        let open: Vec<Option<u64>> = defects
            .iter()
            .enumerate()
            .map(|(position, count)| count.filter(|_| affordable(position, samples)))
            .collect();
        match worst(strata, &open, samples) {
            Some((position, missing)) if missing > 0.0 => samples[position] += 1,
            _ => return,
        }
    }
}

pub(crate) fn cost(strata: &[Candidate], samples: &[u64]) -> u128 {
    strata
        .iter()
        .zip(samples)
        .map(|(stratum, sample)| u128::from(stratum.effort) * u128::from(*sample))
        .sum()
}

/// The most steps [`allocate_against`] takes.
pub const MOST_STEPS: u128 = 2_000_000_000;

/// The allocation that is most likely to find a stated number of defects in each stratum. Exact, by dynamic programming
/// over the effort. Since each further item in a stratum raises the odds by more than the one before, the best allocation is
/// often lopsided: it is the answer to a known distribution of defects, not to an opponent.
///
/// # Errors
/// [`AllocationError`] when a stratum is not fit, numbers differ, or the search would be too long.
pub fn allocate_against(
    strata: &[Candidate],
    defects: &[u64],
    effort: u64,
) -> Result<Allocation, AllocationError> {
    check(strata)?;
    if defects.len() != strata.len() {
        return Err(AllocationError::WrongLength {
            expected: strata.len(),
            found: defects.len(),
        });
    }
    for (stratum, count) in strata.iter().zip(defects) {
        check_small_population(stratum.items, *count).map_err(|source| {
            AllocationError::Stratum {
                stratum: stratum.name.clone(),
                source,
            }
        })?;
    }
    let total = u128::from(effort).min(cost(
        strata,
        &strata
            .iter()
            .map(|stratum| stratum.items)
            .collect::<Vec<_>>(),
    ));
    let most =
        |stratum: &Candidate| u128::from(stratum.items).min(total / u128::from(stratum.effort));
    let work: u128 = strata
        .iter()
        .map(|stratum| (total + 1) * (most(stratum) + 1))
        .sum();
    if work > MOST_STEPS {
        return Err(AllocationError::TooLarge {
            work,
            limit: MOST_STEPS,
        });
    }
    let width = total as usize + 1;
    // best[e]: least log non-detection with effort e over the strata so far; choice remembers each stratum's sample.
    let mut best = vec![0.0_f64; width];
    let mut choices: Vec<Vec<u64>> = Vec::with_capacity(strata.len());
    for (stratum, count) in strata.iter().zip(defects) {
        let logs: Vec<f64> = (0..=most(stratum) as u64)
            .map(|sample| {
                miss_imperfect(stratum.items, *count, sample, stratum.identification).ln()
            })
            .collect();
        let step = stratum.effort as usize;
        let mut improved = vec![f64::INFINITY; width];
        let mut choice = vec![0_u64; width];
        for spent in 0..width {
            for (sample, log) in logs.iter().enumerate().take(spent / step + 1) {
                let value = best[spent - sample * step] + log;
                if value < improved[spent] {
                    improved[spent] = value;
                    choice[spent] = sample as u64;
                }
            }
        }
        best = improved;
        choices.push(choice);
    }
    let mut left = width - 1;
    let mut samples = vec![0; strata.len()];
    for position in (0..strata.len()).rev() {
        samples[position] = choices[position][left];
        left -= samples[position] as usize * strata[position].effort as usize;
    }
    Ok(Allocation {
        effort: u64::try_from(cost(strata, &samples)).unwrap_or(u64::MAX),
        samples,
        detection: -best[width - 1].exp_m1(),
    })
}

pub(crate) fn check(strata: &[Candidate]) -> Result<(), AllocationError> {
    if strata.is_empty() {
        return Err(AllocationError::NoStrata);
    }
    for stratum in strata {
        check_small_population(stratum.items, 0)
            .and_then(|()| check_identification(stratum.identification))
            .map_err(|source| AllocationError::Stratum {
                stratum: stratum.name.clone(),
                source,
            })?;
        if !(stratum.mass_of_an_item.is_finite() && stratum.mass_of_an_item > 0.0) {
            return Err(AllocationError::BadMass {
                what: format!("the mass of an item of stratum '{}'", stratum.name),
                value: stratum.mass_of_an_item,
            });
        }
        if stratum.effort == 0 {
            return Err(AllocationError::NoEffort {
                stratum: stratum.name.clone(),
            });
        }
    }
    Ok(())
}
