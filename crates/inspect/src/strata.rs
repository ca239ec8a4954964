//! Several strata at once: the goal quantity may be taken from any of them, or a little from each.
//!
//! The inspected side cannot choose how; so a plan is rated by the way of taking that it is least likely to find. With
//! `β_k(d)` the probability of missing `d` defects in stratum `k`, log β_k is concave in `d` (`β_k(d) C(N, d)` is a
//! coefficient of a polynomial with real roots only, and Newton's inequalities apply), so each further defect in a stratum is
//! riskier than the one before. The least risky way is then found, up to the last defect, by always adding the defect of
//! least risk for its mass; the part of the last defect that would do gives a bound that no other way can pass.
//! Heterogeneous strata: Jaech and Donoho, <https://resources.inmm.org/node/36192>.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use thiserror::Error;

use crate::attribute::{SampleError, check_sample, check_small_population};
use crate::identification::{check_identification, miss_imperfect};

/// A stratum with its share of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct SampledStratum {
    /// Name for messages.
    pub name: String,
    /// Items in it.
    pub items: u64,
    /// Mass (or whatever the goal counts) of an item, all of which is gone in a defect.
    pub mass_of_an_item: f64,
    /// Items inspected.
    pub sample: u64,
    /// Probability that an inspected defect is recognised.
    pub identification: f64,
}

/// Why several strata could not be rated.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum StrataError {
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
    /// The strata do not hold the goal quantity.
    #[error(
        "the strata hold {held} in all, less than the goal of {goal}: nothing of that size can be taken from them"
    )]
    GoalExceedsInventory {
        /// What they hold.
        held: f64,
        /// The goal.
        goal: f64,
    },
}

/// How well a plan does against the way of taking it is least likely to find.
#[derive(Debug, Clone, PartialEq)]
pub struct WorstCase {
    /// No way of taking the goal quantity has a smaller detection probability than this.
    pub guaranteed: f64,
    /// Detection probability of `strategy`, a way of taking it. Close to `guaranteed`.
    pub attained: f64,
    /// Defects in each stratum.
    pub strategy: Vec<u64>,
}

struct Step {
    /// −log of the ratio of the non-detection probabilities, for each unit of mass.
    risk: f64,
    cost: f64,
    stratum: usize,
}

impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Step {}
impl PartialOrd for Step {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Step {
    // The heap gives the greatest, and the least risk comes first; ties go to the earlier stratum.
    fn cmp(&self, other: &Self) -> Ordering {
        other
            .risk
            .total_cmp(&self.risk)
            .then_with(|| other.stratum.cmp(&self.stratum))
    }
}

/// Rates a plan against every way of taking `goal` from the strata.
///
/// # Errors
/// [`StrataError`] when a stratum or the goal is not fit, or the strata do not hold the goal.
pub fn worst_case(strata: &[SampledStratum], goal: f64) -> Result<WorstCase, StrataError> {
    check(strata, goal)?;
    let mut defects = vec![0_u64; strata.len()];
    let mut missing: Vec<f64> = vec![1.0; strata.len()];
    let mut heap: BinaryHeap<Step> = (0..strata.len())
        .filter_map(|position| next(strata, &defects, &missing, position))
        .collect();
    let (mut taken, mut bound) = (0.0, 0.0);
    let enough = goal * (1.0 - 1e-12);
    while taken < enough {
        let Some(step) = heap.pop() else { break };
        let stratum = &strata[step.stratum];
        let part = ((goal - taken) / stratum.mass_of_an_item).min(1.0);
        bound += step.cost * part;
        taken += stratum.mass_of_an_item;
        defects[step.stratum] += 1;
        missing[step.stratum] = miss_of(stratum, defects[step.stratum]);
        heap.extend(next(strata, &defects, &missing, step.stratum));
    }
    trim(strata, goal, &mut defects);
    let attained = 1.0
        - strata
            .iter()
            .zip(&defects)
            .map(|(stratum, count)| miss_of(stratum, *count))
            .product::<f64>();
    Ok(WorstCase {
        guaranteed: (1.0 - (-bound).exp()).min(attained),
        attained,
        strategy: defects,
    })
}

fn check(strata: &[SampledStratum], goal: f64) -> Result<(), StrataError> {
    if strata.is_empty() {
        return Err(StrataError::NoStrata);
    }
    let fit = |value: f64| value.is_finite() && value > 0.0;
    if !fit(goal) {
        return Err(StrataError::BadMass {
            what: "the goal quantity".to_owned(),
            value: goal,
        });
    }
    for stratum in strata {
        check_small_population(stratum.items, 0)
            .and_then(|()| check_sample(stratum.items, stratum.sample))
            .and_then(|()| check_identification(stratum.identification))
            .map_err(|source| StrataError::Stratum {
                stratum: stratum.name.clone(),
                source,
            })?;
        if !fit(stratum.mass_of_an_item) {
            return Err(StrataError::BadMass {
                what: format!("the mass of an item of stratum '{}'", stratum.name),
                value: stratum.mass_of_an_item,
            });
        }
    }
    let held: f64 = strata
        .iter()
        .map(|stratum| stratum.items as f64 * stratum.mass_of_an_item)
        .sum();
    if held < goal * (1.0 - 1e-12) {
        return Err(StrataError::GoalExceedsInventory { held, goal });
    }
    Ok(())
}

fn miss_of(stratum: &SampledStratum, defects: u64) -> f64 {
    miss_imperfect(
        stratum.items,
        defects,
        stratum.sample,
        stratum.identification,
    )
}

fn next(
    strata: &[SampledStratum],
    defects: &[u64],
    missing: &[f64],
    position: usize,
) -> Option<Step> {
    let stratum = &strata[position];
    let count = defects[position];
    (count < stratum.items).then(|| {
        let ratio = if stratum.identification == 1.0 {
            let left = (stratum.items - count) as f64;
            (left - stratum.sample as f64).max(0.0) / left
        } else {
            miss_of(stratum, count + 1) / missing[position]
        };
        let cost = if ratio > 0.0 {
            -ratio.ln()
        } else {
            f64::INFINITY
        };
        Step {
            risk: cost / stratum.mass_of_an_item,
            cost,
            stratum: position,
        }
    })
}

/// Drops defects that the last one has made unnecessary.
fn trim(strata: &[SampledStratum], goal: f64, defects: &mut [u64]) {
    let mass = |defects: &[u64]| -> f64 {
        strata
            .iter()
            .zip(defects)
            .map(|(stratum, count)| stratum.mass_of_an_item * *count as f64)
            .sum()
    };
    let mut heaviest_first: Vec<usize> = (0..strata.len()).collect();
    heaviest_first.sort_by(|a, b| {
        strata[*b]
            .mass_of_an_item
            .total_cmp(&strata[*a].mass_of_an_item)
    });
    for position in heaviest_first {
        let enough = goal * (1.0 - 1e-12);
        let spare = mass(defects) - enough;
        let drop = (spare / strata[position].mass_of_an_item).floor().max(0.0) as u64;
        let before = defects[position];
        defects[position] -= drop.min(before);
        // A goal far below the mass of an item is lost in the difference.
        while defects[position] < before && mass(defects) < enough {
            defects[position] += 1;
        }
    }
}
