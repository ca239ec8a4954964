//! Imperfect identification: an inspected defect is recognised with a probability below 1.
//!
//! If `k` of the `n` inspected items are defects, all of them go unrecognised with probability `(1 − p)^k`, and `k` is
//! hypergeometric: the non-detection probability is `Σ_k h(k) (1 − p)^k`.

use crate::attribute::{SampleError, check_sample, check_small_population, check_target, least};

pub(crate) fn check_identification(identification: f64) -> Result<(), SampleError> {
    if identification > 0.0 && identification <= 1.0 {
        Ok(())
    } else {
        Err(SampleError::BadProbability {
            what: "the identification probability",
            value: identification,
            range: "above 0 and at most 1",
        })
    }
}

/// Detection probability when each inspected defect is recognised with probability `identification`.
///
/// # Errors
/// [`SampleError`] when population or sample are not fit or the probability is not in (0, 1].
pub fn detection_probability_imperfect(
    items: u64,
    defects: u64,
    sample: u64,
    identification: f64,
) -> Result<f64, SampleError> {
    check_small_population(items, defects)?;
    check_sample(items, sample)?;
    check_identification(identification)?;
    Ok(1.0 - miss_imperfect(items, defects, sample, identification))
}

/// The binomial approximation `1 − (1 − p n / N)^D`: each defect is drawn with probability `n / N` whatever happens to
/// the others. Never above the exact value.
///
/// # Errors
/// As [`detection_probability_imperfect`].
pub fn detection_probability_binomial(
    items: u64,
    defects: u64,
    sample: u64,
    identification: f64,
) -> Result<f64, SampleError> {
    check_small_population(items, defects)?;
    check_sample(items, sample)?;
    check_identification(identification)?;
    let drawn = sample as f64 / items as f64;
    Ok(-(defects as f64 * (-identification * drawn).ln_1p()).exp_m1())
}

/// The least sample whose non-detection probability is at most the target.
///
/// # Errors
/// [`SampleError`] when an argument is not fit, and [`SampleError::Unreachable`] when inspecting every item is not enough.
pub fn sample_size_imperfect(
    items: u64,
    defects: u64,
    non_detection: f64,
    identification: f64,
) -> Result<u64, SampleError> {
    check_small_population(items, defects)?;
    check_target(non_detection)?;
    check_identification(identification)?;
    if defects == 0 {
        return Err(SampleError::NoDefects);
    }
    if identification == 1.0 {
        return crate::attribute::sample_size(items, defects, non_detection);
    }
    let best = miss_imperfect(items, defects, items, identification);
    if best > non_detection {
        return Err(SampleError::Unreachable {
            best,
            target: non_detection,
            identification,
        });
    }
    Ok(least(items, |sample| {
        miss_imperfect(items, defects, sample, identification) <= non_detection
    }))
}

/// `Σ_k h(k) (1 − p)^k`.
pub(crate) fn miss_imperfect(items: u64, defects: u64, sample: u64, identification: f64) -> f64 {
    if identification == 1.0 {
        return crate::attribute::miss(items, defects, sample);
    }
    let unseen = 1.0 - identification;
    let distribution = Hypergeometric::new(items, defects, sample);
    let certain = unseen.powi(i32::try_from(distribution.least).unwrap_or(i32::MAX));
    let sum = distribution
        .weights
        .iter()
        .rev()
        .fold(0.0, |sum, weight| sum * unseen + weight);
    // Rounding must not make a probability of more than 1.
    (sum * certain).min(1.0)
}

/// Probabilities of the number of defects in a sample.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hypergeometric {
    /// The least number possible.
    pub(crate) least: u64,
    /// Probability of `least`, `least + 1`, …
    pub(crate) weights: Vec<f64>,
}

impl Hypergeometric {
    /// Ratios of neighbouring probabilities, from the most probable number outwards, divided by their sum: no factorial
    /// is ever formed.
    pub(crate) fn new(items: u64, defects: u64, sample: u64) -> Self {
        let least = sample.saturating_sub(items - defects);
        let most = sample.min(defects);
        let (n, d, s) = (items as f64, defects as f64, sample as f64);
        // h(k + 1) / h(k).
        let ratio = |k: u64| {
            let k = k as f64;
            (d - k) * (s - k) / ((k + 1.0) * (n - d - s + k + 1.0))
        };
        let mode = (((s + 1.0) * (d + 1.0) / (n + 2.0)).floor() as u64).clamp(least, most);
        let mut weights = vec![0.0; (most - least + 1) as usize];
        let start = (mode - least) as usize;
        weights[start] = 1.0;
        for position in start + 1..weights.len() {
            weights[position] = weights[position - 1] * ratio(least + position as u64 - 1);
            if weights[position] == 0.0 {
                break;
            }
        }
        for position in (0..start).rev() {
            weights[position] = weights[position + 1] / ratio(least + position as u64);
            if weights[position] == 0.0 {
                break;
            }
        }
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight /= sum);
        Self { least, weights }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_distribution_by_hand() {
        // 5 items, 2 defects, 3 drawn: C(2,k) C(3,3−k) / C(5,3) = 1/10, 6/10, 3/10.
        let distribution = Hypergeometric::new(5, 2, 3);
        assert_eq!(distribution.least, 0);
        for (found, expected) in distribution.weights.iter().zip([0.1, 0.6, 0.3]) {
            assert!((found - expected).abs() < 1e-15);
        }
        // 5 items, 4 defects, 3 drawn: at least two of them.
        assert_eq!(Hypergeometric::new(5, 4, 3).least, 2);
    }
}
