//! Bounds of a probability from hits among trials.

use serde::{Deserialize, Serialize};
use statrs::function::beta::beta_reg;

/// From a low to a high value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The low end.
    pub low: f64,
    /// The high end.
    pub high: f64,
}

/// The exact bounds of Clopper and Pearson (Biometrika 26, 1934): each end leaves half of what is not confidence.
pub(crate) fn clopper_pearson(hits: u64, trials: u64, confidence: f64) -> Interval {
    let tail = 0.5 * (1.0 - confidence);
    let (k, n) = (hits as f64, trials as f64);
    // So many hits or more have the chance I_p(k, n - k + 1), so many or fewer 1 - I_p(k + 1, n - k).
    let low = if hits == 0 {
        0.0
    } else {
        solve(|p| beta_reg(k, n - k + 1.0, p) - tail)
    };
    let high = if hits >= trials {
        1.0
    } else {
        solve(|p| beta_reg(k + 1.0, n - k, p) - (1.0 - tail))
    };
    Interval { low, high }
}

/// Where a growing function of a probability is zero, to 12 digits of it.
fn solve(function: impl Fn(f64) -> f64) -> f64 {
    // In logarithms first, as probabilities may be small.
    let (mut low, mut high) = (-90.0_f64 * std::f64::consts::LN_2, 0.0_f64);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if function(middle.exp()) < 0.0 {
            low = middle
        } else {
            high = middle
        }
    }
    (0.5 * (low + high)).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_the_literature() {
        // No hits: 1 - tail^(1/n), the "rule of three" at one side.
        let none = clopper_pearson(0, 100, 0.95);
        assert_eq!(none.low, 0.0);
        assert!((none.high - (1.0 - 0.025_f64.powf(0.01))).abs() < 1e-9);
        // Clopper and Pearson's own example: 10 trials, 3 hits, 95 %.
        let some = clopper_pearson(3, 10, 0.95);
        assert!((some.low - 0.066_74).abs() < 1e-5, "{some:?}");
        assert!((some.high - 0.652_45).abs() < 1e-5, "{some:?}");
        let all = clopper_pearson(5, 5, 0.95);
        assert_eq!(all.high, 1.0);
        assert!((all.low - 0.025_f64.powf(0.2)).abs() < 1e-9);
    }

    #[test]
    fn figures_of_cara() {
        // Rows of CARA's table: hits, trials, bounds. The logarithms of factorials of 4·10⁹ leave some six digits.
        for (hits, trials, low, high) in [
            (
                9778,
                16_000_000,
                0.000_599_074_848_543_757_4,
                0.000_623_356_441_938_828_5,
            ),
            (
                441,
                4_000_000_000,
                1.001_987_828_645_961e-7,
                1.210_363_362_116_732_2e-7,
            ),
        ] {
            let found = clopper_pearson(hits, trials, 0.95);
            assert!((found.low / low - 1.0).abs() < 1e-5, "{found:?} {low}");
            assert!((found.high / high - 1.0).abs() < 1e-5, "{found:?} {high}");
        }
    }

    #[test]
    fn the_bounds_cover_as_often_as_they_say() {
        // The chance, by the binomial distribution, that the bounds hold the true probability: never below 95 %.
        let trials = 40_u64;
        for percent in [1_u32, 5, 20, 50, 77, 99] {
            let p = f64::from(percent) / 100.0;
            let mut chance = (1.0 - p).powi(trials as i32);
            let mut covered = 0.0;
            for hits in 0..=trials {
                let bounds = clopper_pearson(hits, trials, 0.95);
                if bounds.low <= p && p <= bounds.high {
                    covered += chance;
                }
                chance *= (trials - hits) as f64 / (hits + 1) as f64 * p / (1.0 - p);
            }
            assert!(covered >= 0.95 - 1e-9, "{p}: {covered}");
        }
    }
}
