//! Thresholds for a stated false-alarm probability, and detection curves, by simulation.
//!
//! With normal errors the MUF sequence is normal with the covariance of [`Covariance`](super::Covariance), so a history
//! without loss is `L z` with independent standard normal `z`, and SITMUF is `z` itself: nothing has to be solved, and no
//! stratum has to be drawn, to have histories of exactly the right distribution. A loss adds a fixed vector to every
//! statistic that is linear in MUF, so one draw of `z` serves every size of loss, and the curves come out monotone
//! where they should. Sixteen histories are worked on side by side, balance by balance, so that the inner loops are
//! additions and multiplications of neighbouring numbers.
//!
//! [`super::measure`] draws every measurement instead; the tests hold the two against each other.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use thiserror::Error;

use super::block::{Shifts, for_each_block};
use super::detector::{Detector, DetectorError, Test};
use super::loss::{LossError, LossPattern};
use super::random::{Family, HISTORIES_IN_CHUNK, for_each_chunk, streams};

/// How to simulate. The result depends on `histories` and `seed` only: the same bytes with any number of threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Simulation {
    /// Number of histories.
    pub histories: usize,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Threads to use; `None` for as many as the machine has.
    pub threads: Option<NonZeroUsize>,
}

impl Simulation {
    /// A simulation on all cores.
    #[must_use]
    pub fn new(histories: usize, seed: u64) -> Self {
        Self {
            histories,
            seed,
            threads: None,
        }
    }
}

/// The most histories of one simulation.
pub const MOST_HISTORIES: usize = 10_000_000;

/// Why a simulation was not run.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum SimulationError {
    /// The covariance or a test is not fit.
    #[error(transparent)]
    Detector(#[from] DetectorError),
    /// The loss pattern does not fit the balances.
    #[error(transparent)]
    Loss(#[from] LossError),
    /// The false-alarm probability is not between 0 and 1.
    #[error("the false-alarm probability is {probability}: state a number above 0 and below 1")]
    BadProbability {
        /// The value given.
        probability: f64,
    },
    /// Too few histories for the tail asked for.
    #[error(
        "{histories} histories leave fewer than ten false alarms at probability {probability}: use at least {needed}"
    )]
    TooFewHistories {
        /// Histories asked for.
        histories: usize,
        /// False-alarm probability asked for.
        probability: f64,
        /// The least number that will do.
        needed: u64,
    },
    /// More histories than are kept in memory.
    #[error("{histories} histories are more than are simulated at once ({MOST_HISTORIES})")]
    TooManyHistories {
        /// Histories asked for.
        histories: usize,
    },
    /// No histories at all.
    #[error("no histories were asked for")]
    NoHistories,
    /// A loss that is not a number.
    #[error("a total loss of {total} was asked for: state a finite number")]
    BadLoss {
        /// The value given.
        total: f64,
    },
}

/// The level of a test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// The test.
    pub test: Test,
    /// Alarm when the standardised value exceeds this; [`Detector::level_in_balance`] gives it in the test's own scale.
    pub level: f64,
    /// Probability of an alarm anywhere in the whole history, without loss, that was asked for.
    pub false_alarm: f64,
    /// Standard error of the probability that the level really has: `√(α (1 − α) / histories)`.
    pub standard_error: f64,
}

/// A point of a detection curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DetectionPoint {
    /// Total loss over the pattern, in the unit of the covariance's root.
    pub total_loss: f64,
    /// Share of histories in which the test raised an alarm anywhere.
    pub probability: f64,
    /// Binomial standard error of that share.
    pub standard_error: f64,
    /// Mean number of balances, counted from the first of the history, until the alarm, among those with one.
    pub mean_balances_to_alarm: Option<f64>,
}

/// Detection probability of a test against size of loss.
#[derive(Debug, Clone, PartialEq)]
pub struct DetectionCurve {
    /// The threshold it is for.
    pub threshold: Threshold,
    /// One point for each loss asked for, in that order.
    pub points: Vec<DetectionPoint>,
}

/// Levels at which each test raises an alarm anywhere in a history without loss with probability `false_alarm`.
///
/// The level is the empirical quantile of the largest standardised value of each simulated history.
///
/// # Errors
/// [`SimulationError`] when a test does not fit, the probability is not in (0, 1), or the histories are too few to see
/// ten false alarms.
pub fn thresholds(
    detector: &Detector,
    tests: &[Test],
    false_alarm: f64,
    simulation: Simulation,
) -> Result<Vec<Threshold>, SimulationError> {
    check_probability(false_alarm, simulation.histories)?;
    for test in tests {
        detector.check(*test)?;
    }
    let generators = streams(simulation.seed, Family::Thresholds, simulation.histories);
    let chunks = for_each_chunk(&generators, simulation.threads, |chunk, generator| {
        let mut maxima = vec![Vec::with_capacity(HISTORIES_IN_CHUNK); tests.len()];
        for_each_block(
            detector,
            tests,
            chunk,
            simulation.histories,
            generator,
            |block, used| {
                for (test, target) in tests.iter().zip(&mut maxima) {
                    let largest = block.largest(detector, *test);
                    target.extend_from_slice(&largest[..used]);
                }
            },
        );
        maxima
    });
    Ok(tests
        .iter()
        .enumerate()
        .map(|(position, test)| {
            let mut maxima: Vec<f64> = chunks
                .iter()
                .flat_map(|chunk| chunk[position].iter().copied())
                .collect();
            threshold_of(*test, &mut maxima, false_alarm)
        })
        .collect())
}

pub(crate) fn check_histories(histories: usize) -> Result<(), SimulationError> {
    match histories {
        0 => Err(SimulationError::NoHistories),
        1..=MOST_HISTORIES => Ok(()),
        _ => Err(SimulationError::TooManyHistories { histories }),
    }
}

pub(crate) fn check_probability(false_alarm: f64, histories: usize) -> Result<(), SimulationError> {
    if !(false_alarm > 0.0 && false_alarm < 1.0) {
        return Err(SimulationError::BadProbability {
            probability: false_alarm,
        });
    }
    check_histories(histories)?;
    if (histories as f64) * false_alarm < 10.0 {
        return Err(SimulationError::TooFewHistories {
            histories,
            probability: false_alarm,
            needed: (10.0 / false_alarm).ceil() as u64,
        });
    }
    Ok(())
}

/// The level that exactly `⌊α N⌋` of the maxima exceed.
pub(crate) fn threshold_of(test: Test, maxima: &mut [f64], false_alarm: f64) -> Threshold {
    let histories = maxima.len();
    let above = ((histories as f64) * false_alarm).floor() as usize;
    let rank = histories.saturating_sub(above + 1);
    let (_, level, _) = maxima.select_nth_unstable_by(rank, f64::total_cmp);
    Threshold {
        test,
        level: *level,
        false_alarm,
        standard_error: (false_alarm * (1.0 - false_alarm) / histories as f64).sqrt(),
    }
}

/// Detection curves of tests with set thresholds, for a pattern of loss and a number of total losses.
///
/// Random numbers are independent of those that [`thresholds`] uses with the same seed, so the point at loss 0 is an
/// honest false-alarm rate.
///
/// # Errors
/// [`SimulationError`] when a test or the pattern does not fit, or a loss is not finite.
pub fn detection_curves(
    detector: &Detector,
    thresholds: &[Threshold],
    pattern: LossPattern,
    total_losses: &[f64],
    simulation: Simulation,
) -> Result<Vec<DetectionCurve>, SimulationError> {
    check_histories(simulation.histories)?;
    if let Some(&total) = total_losses.iter().find(|total| !total.is_finite()) {
        return Err(SimulationError::BadLoss { total });
    }
    let tests: Vec<Test> = thresholds.iter().map(|threshold| threshold.test).collect();
    for test in &tests {
        detector.check(*test)?;
    }
    let shifts = Shifts::new(detector, &pattern.weights(detector.balances())?);
    let generators = streams(simulation.seed, Family::Evaluation, simulation.histories);
    let width = total_losses.len();
    // Levels in the scale that the blocks work in.
    let bounds: Vec<Vec<f64>> = thresholds
        .iter()
        .map(|threshold| {
            (0..detector.balances())
                .map(|t| match threshold.test {
                    Test::GemufV1 => detector.level_in_balance(threshold.test, threshold.level, t),
                    _ => Some(threshold.level),
                })
                .map(|bound| bound.unwrap_or(f64::INFINITY))
                .collect()
        })
        .collect();
    // Whole numbers add up to the same in any order.
    let totals = Mutex::new(vec![(0_u64, 0_u64); tests.len() * width]);
    for_each_chunk(&generators, simulation.threads, |chunk, generator| {
        let mut tally = vec![(0_u64, 0_u64); tests.len() * width];
        for_each_block(
            detector,
            &tests,
            chunk,
            simulation.histories,
            generator,
            |block, used| {
                for (row, test) in tests.iter().enumerate() {
                    for (column, total) in total_losses.iter().enumerate() {
                        let first =
                            block.first_alarm(detector, *test, &bounds[row], (&shifts, *total));
                        let (alarms, balances) = &mut tally[row * width + column];
                        for alarm in first.iter().take(used).filter(|alarm| alarm.is_finite()) {
                            *alarms += 1;
                            *balances += *alarm as u64;
                        }
                    }
                }
            },
        );
        let mut totals = totals.lock().unwrap_or_else(PoisonError::into_inner);
        for (sum, part) in totals.iter_mut().zip(tally) {
            sum.0 += part.0;
            sum.1 += part.1;
        }
    });
    let totals = totals.into_inner().unwrap_or_else(PoisonError::into_inner);
    let histories = simulation.histories as f64;
    Ok(thresholds
        .iter()
        .enumerate()
        .map(|(row, threshold)| DetectionCurve {
            threshold: *threshold,
            points: total_losses
                .iter()
                .enumerate()
                .map(|(column, total)| {
                    let (alarms, balances) = totals[row * width + column];
                    let probability = alarms as f64 / histories;
                    DetectionPoint {
                        total_loss: *total,
                        probability,
                        standard_error: (probability * (1.0 - probability) / histories).sqrt(),
                        mean_balances_to_alarm: (alarms > 0)
                            .then(|| balances as f64 / alarms as f64),
                    }
                })
                .collect(),
        })
        .collect())
}
