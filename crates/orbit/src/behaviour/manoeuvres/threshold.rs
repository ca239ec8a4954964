//! The score that errors alone exceed at an asked rate.
//!
//! A score is (x − m) / s with m and s the median and the (normal) deviation by the median absolute deviation of n other
//! values. Even if all are normal the score is not: s of few values is often much too small. The chance of exceeding
//! t is the mean over (m, s) of P(x < m − t s) + P(x > m + t s): (m, s) are simulated, the two tails are exact, which
//! gives small rates without waiting for rare events. The seed is fixed: the same rule gives the same threshold.

use std::cell::RefCell;

use chacha20::ChaCha8Rng;
use rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal, StudentT};
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};
use statrs::function::erf::erfc;

use super::compare::scale;

/// Distribution of the errors.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Tail {
    /// Normal.
    Normal,
    /// Student's, with so many degrees of freedom (2 to 1000): few for objects whose sets are now and then far off.
    Student(f64),
}

impl Tail {
    /// Chance of a value above `limit`.
    fn above(self, limit: f64) -> f64 {
        match self {
            Self::Normal => 0.5 * erfc(limit / std::f64::consts::SQRT_2),
            Self::Student(degrees) => StudentsT::new(0.0, 1.0, degrees)
                .map_or(f64::NAN, |distribution| distribution.sf(limit)),
        }
    }
}

/// Simulated samples: the threshold's error is below 1 % for thirty neighbours and more.
const SAMPLES: usize = 4000;

/// A threshold with what it was computed for.
type Known = ((usize, u64, Option<u64>), f64);

thread_local! {
    /// Thresholds computed before: the histories of a catalogue ask for the same few again and again.
    static KNOWN: RefCell<Vec<Known>> = const { RefCell::new(Vec::new()) };
}

/// The score that is exceeded, on either side, at `rate`, when `neighbours` values give median and deviation.
///
/// Some milliseconds; the last 64 answers are kept for each thread.
#[must_use]
pub fn threshold(neighbours: usize, rate: f64, tail: Tail) -> f64 {
    let degrees = match tail {
        Tail::Normal => None,
        Tail::Student(degrees) => Some(degrees.to_bits()),
    };
    let key = (neighbours, rate.to_bits(), degrees);
    KNOWN.with_borrow_mut(|known| {
        if let Some((_, score)) = known.iter().find(|(other, _)| *other == key) {
            return *score;
        }
        let score = compute(neighbours, rate, tail);
        if known.len() >= 64 {
            known.remove(0);
        }
        known.push((key, score));
        score
    })
}

fn compute(neighbours: usize, rate: f64, tail: Tail) -> f64 {
    let samples = scales(neighbours, tail);
    let chance = |score: f64| {
        let sum: f64 = samples
            .iter()
            .map(|(middle, deviation)| {
                tail.above(score * deviation - middle) + tail.above(score * deviation + middle)
            })
            .sum();
        sum / samples.len() as f64
    };
    // The chance falls with the score: bracket, then halve.
    let (mut low, mut high) = (0.0, 4.0);
    while chance(high) > rate && high < 1e9 {
        low = high;
        high *= 2.0;
    }
    while high - low > 1e-4 * high {
        let middle = 0.5 * (low + high);
        if chance(middle) > rate {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// Simulated medians and deviations of so many values.
fn scales(neighbours: usize, tail: Tail) -> Vec<(f64, f64)> {
    let mut random = ChaCha8Rng::seed_from_u64(neighbours as u64);
    let student = match tail {
        Tail::Normal => None,
        Tail::Student(degrees) => StudentT::new(degrees).ok(),
    };
    // More neighbours vary less: the work stays bounded.
    let samples = (SAMPLES * 60 / neighbours.max(1)).clamp(200, SAMPLES);
    let mut values = vec![0.0; neighbours];
    (0..samples)
        .map(|_| {
            for value in &mut values {
                *value = match &student {
                    Some(distribution) => distribution.sample(&mut random),
                    None => StandardNormal.sample(&mut random),
                };
            }
            scale(&mut values)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_neighbours_give_the_quantile_of_the_distribution_itself() {
        // Abramowitz and Stegun, table 26.1: t = 3.2905 leaves 0.001 on both sides. Median and deviation of n = 2001 values
        // have the variances π/2n and 1.36/n, which move it by t (1.36 t² + π/2) / 2n to second order: 0.0134.
        let normal = threshold(2001, 1e-3, Tail::Normal);
        assert!((normal / 3.3039 - 1.0).abs() < 0.01, "{normal}");
        // Table 26.10: Student's t of 4 degrees leaves 0.001 beyond 8.610; its median absolute value is 0.741.
        let student = threshold(2001, 1e-3, Tail::Student(4.0));
        let expected = 8.610 / (0.7407 * 1.4826);
        assert!((student / expected - 1.0).abs() < 0.02, "{student}");
    }

    #[test]
    fn few_neighbours_need_more() {
        let many = threshold(60, 1e-3, Tail::Normal);
        let few = threshold(12, 1e-3, Tail::Normal);
        assert!(many > 3.4 && many < 4.2, "{many}");
        assert!(few > many + 0.5, "{few}");
    }
}
