//! Mixed plans: some items are tested for being what they are said to be, some are measured.
//!
//! Taking a goal quantity `M` leaves the inspected side the choice between emptying few items and taking a little from
//! many. A quick attribute test sees the first, an accurate measurement the second, and a plan combines them on separate
//! random samples of one population. If a share `f` is taken from each of `D = ⌈M/(f x)⌉` items of mass `x`, each stage
//! `s` of `n_s` items misses the defects it holds with probability `(1 − p_s(f))` each, and the numbers of defects in the
//! stages are multivariate hypergeometric. Principle: IAEA, *Statistical Concepts and Techniques* (STR-261), "gross,
//! partial and bias defects"; Burr et al., EPJ Nuclear Sci. Technol. 2 (2016) 36, doi 10.1051/epjn/2016026.

use detente_safeguards::statistics::{normal_probability, normal_quantile};
use thiserror::Error;

use crate::attribute::{SampleError, check_population, defects_for_goal};
use crate::identification::{Hypergeometric, check_identification};

/// A way to look at an item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Method {
    /// Says whether an item is grossly defective: at least the share `least_share` of it missing is recognised with
    /// probability `identification`, less never.
    Attribute {
        /// Smallest share of an item's mass whose absence can be seen, above 0 and at most 1.
        least_share: f64,
        /// Probability of recognising it, above 0 and at most 1.
        identification: f64,
    },
    /// Measures an item, with a relative standard deviation of the operator–inspector difference of `deviation`, and calls
    /// it defective above `deviation` times the quantile of `1 − false_alarm`. A missing share `f` is then recognised with
    /// probability `Φ(f / deviation − z)`.
    Variable {
        /// Relative standard deviation of the difference, above 0.
        deviation: f64,
        /// Probability of calling a sound item defective, above 0 and below 1.
        false_alarm: f64,
    },
}

impl Method {
    /// Probability that an inspected item with the share `share` of its mass missing is recognised.
    #[must_use]
    pub fn identification(&self, share: f64) -> f64 {
        match *self {
            // A hair of tolerance: the share may come from a division that was meant to come out at the limit.
            Self::Attribute {
                least_share,
                identification,
            } if share >= least_share * (1.0 - 1e-12) => identification,
            Self::Attribute { .. } => 0.0,
            Self::Variable {
                deviation,
                false_alarm,
            } => normal_probability(share / deviation - normal_quantile(1.0 - false_alarm)),
        }
    }
}

/// A part of the plan: a method and the number of items it is used on, none of them in another stage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stage {
    /// The method.
    pub method: Method,
    /// Items it is used on.
    pub sample: u64,
}

/// A plan for one population of like items.
#[derive(Debug, Clone, PartialEq)]
pub struct MixedPlan {
    items: u64,
    mass_of_an_item: f64,
    stages: Vec<Stage>,
}

/// Why a mixed plan was refused.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum MixedPlanError {
    /// Population, sample or probability are not fit.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// A number that must be above 0.
    #[error("{what} is {value}: state a finite number {range}")]
    BadNumber {
        /// Which one.
        what: &'static str,
        /// The value.
        value: f64,
        /// Its range.
        range: &'static str,
    },
    /// The population does not hold the goal.
    #[error("the items hold {held} in all, less than the goal of {goal}")]
    GoalExceedsInventory {
        /// What they hold.
        held: f64,
        /// The goal.
        goal: f64,
    },
    /// Too much to compute.
    #[error(
        "{items} items are more than mixed plans handle ({limit}): split the population into strata"
    )]
    TooManyItems {
        /// Items.
        items: u64,
        /// The limit.
        limit: u64,
    },
}

/// The most items of a mixed plan; its rating is quadratic in them at worst.
pub const MOST_MIXED_ITEMS: u64 = 5_000;

/// How likely one way of taking the goal is to be found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MixedPoint {
    /// Items touched.
    pub defects: u64,
    /// Share of each item's mass taken.
    pub share: f64,
    /// Detection probability.
    pub detection: f64,
}

impl MixedPlan {
    /// Checks a plan for `items` items of mass `mass_of_an_item`.
    ///
    /// # Errors
    /// [`MixedPlanError`] when a number is out of range or the stages need more items than there are.
    pub fn new(
        items: u64,
        mass_of_an_item: f64,
        stages: Vec<Stage>,
    ) -> Result<Self, MixedPlanError> {
        check_population(items, 0)?;
        if items > MOST_MIXED_ITEMS {
            return Err(MixedPlanError::TooManyItems {
                items,
                limit: MOST_MIXED_ITEMS,
            });
        }
        positive("the mass of an item", mass_of_an_item)?;
        let mut drawn = 0_u64;
        for stage in &stages {
            drawn = drawn.saturating_add(stage.sample);
            match stage.method {
                Method::Attribute {
                    least_share,
                    identification,
                } => {
                    check_identification(identification)?;
                    if !(least_share > 0.0 && least_share <= 1.0) {
                        return Err(MixedPlanError::BadNumber {
                            what: "the smallest share that can be seen missing",
                            value: least_share,
                            range: "above 0 and at most 1",
                        });
                    }
                }
                Method::Variable {
                    deviation,
                    false_alarm,
                } => {
                    positive(
                        "the relative standard deviation of the difference",
                        deviation,
                    )?;
                    if !(false_alarm > 0.0 && false_alarm < 1.0) {
                        return Err(MixedPlanError::BadNumber {
                            what: "the false-alarm probability",
                            value: false_alarm,
                            range: "above 0 and below 1",
                        });
                    }
                }
            }
        }
        if drawn > items {
            return Err(SampleError::SampleTooLarge {
                sample: drawn,
                items,
            }
            .into());
        }
        Ok(Self {
            items,
            mass_of_an_item,
            stages,
        })
    }

    /// Detection probability when the share `share` is missing from each of `defects` items. Calling a sound item
    /// defective does not count as detection.
    ///
    /// # Errors
    /// [`MixedPlanError`] when there are more defects than items or the share is not in (0, 1].
    pub fn detection_probability(&self, defects: u64, share: f64) -> Result<f64, MixedPlanError> {
        check_population(self.items, defects)?;
        if !(share > 0.0 && share <= 1.0) {
            return Err(MixedPlanError::BadNumber {
                what: "the share missing",
                value: share,
                range: "above 0 and at most 1",
            });
        }
        Ok(1.0 - self.miss(defects, share))
    }

    /// Stage after stage: from the defects not yet drawn, the next sample draws a hypergeometric number.
    fn miss(&self, defects: u64, share: f64) -> f64 {
        let mut items = self.items;
        // chance[k]: probability that k defects are left and none was recognised so far.
        let mut chance = vec![0.0; defects as usize + 1];
        chance[defects as usize] = 1.0;
        for stage in self.stages.iter().filter(|stage| stage.sample > 0) {
            let unseen = 1.0 - stage.method.identification(share);
            let mut after = vec![0.0; chance.len()];
            for (left, probability) in chance
                .iter()
                .enumerate()
                .filter(|(_, probability)| **probability > 0.0)
            {
                let drawn = Hypergeometric::new(items, left as u64, stage.sample);
                for (offset, weight) in drawn.weights.iter().enumerate() {
                    let count = drawn.least as usize + offset;
                    let missed = unseen.powi(i32::try_from(count).unwrap_or(i32::MAX));
                    after[left - count] += probability * weight * missed;
                }
            }
            chance = after;
            items -= stage.sample;
        }
        // Rounding must not make a probability of more than 1.
        chance.iter().sum::<f64>().min(1.0)
    }

    /// Every way of taking `goal` in equal shares from some number of items, from as few as can hold it to all of them.
    ///
    /// # Errors
    /// [`MixedPlanError`] when the goal is not above 0 or more than the items hold.
    pub fn ways_of_taking(&self, goal: f64) -> Result<Vec<MixedPoint>, MixedPlanError> {
        positive("the goal quantity", goal)?;
        let held = self.items as f64 * self.mass_of_an_item;
        let least =
            defects_for_goal(goal, self.mass_of_an_item).filter(|count| *count <= self.items);
        let Some(least) = least else {
            return Err(MixedPlanError::GoalExceedsInventory { held, goal });
        };
        Ok((least..=self.items)
            .map(|defects| {
                let share = (goal / (self.mass_of_an_item * defects as f64)).min(1.0);
                MixedPoint {
                    defects,
                    share,
                    detection: 1.0 - self.miss(defects, share),
                }
            })
            .collect())
    }

    /// The way of taking `goal` in equal shares that the plan is least likely to find.
    ///
    /// # Errors
    /// As [`Self::ways_of_taking`].
    pub fn worst_case(&self, goal: f64) -> Result<MixedPoint, MixedPlanError> {
        let ways = self.ways_of_taking(goal)?;
        let worst = ways
            .iter()
            .min_by(|a, b| a.detection.total_cmp(&b.detection))
            .copied();
        worst.ok_or(MixedPlanError::GoalExceedsInventory {
            held: self.items as f64 * self.mass_of_an_item,
            goal,
        })
    }
}

fn positive(what: &'static str, value: f64) -> Result<(), MixedPlanError> {
    if value.is_finite() && value > 0.0 {
        Ok(())
    } else {
        Err(MixedPlanError::BadNumber {
            what,
            value,
            range: "above 0",
        })
    }
}
