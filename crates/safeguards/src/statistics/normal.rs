//! The standard normal distribution.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// `Φ(x)`: probability that a standard normal variable is at most `x`.
#[must_use]
pub fn normal_probability(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}

/// The `x` with `Φ(x) = p`; ±∞ at 1 and 0, NaN outside `[0, 1]`.
///
/// Bisection to a bracket, then Newton steps on `Φ`, so it is as good as `erfc`.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    if p.is_nan() || !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p == 0.0 {
        return f64::NEG_INFINITY;
    }
    if p == 1.0 {
        return f64::INFINITY;
    }
    // Work in the lower tail, where erfc keeps its relative precision.
    if p > 0.5 {
        return -normal_quantile(1.0 - p);
    }
    let (mut low, mut high) = (-38.6_f64, 0.0_f64);
    for _ in 0..20 {
        let middle = 0.5 * (low + high);
        if normal_probability(middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    let mut x = 0.5 * (low + high);
    for _ in 0..4 {
        let density = (-0.5 * x * x).exp() / (2.0 * PI).sqrt();
        if density == 0.0 {
            break;
        }
        x -= (normal_probability(x) - p) / density;
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_percentiles() {
        // Abramowitz and Stegun, table 26.1 and its percentiles.
        assert!((normal_probability(1.0) - 0.841_344_746_068_543).abs() < 1e-14);
        assert!((normal_quantile(0.95) - 1.644_853_626_951_472_7).abs() < 1e-13);
        assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-13);
        assert!((normal_quantile(1e-10) + 6.361_340_902_404_056).abs() < 1e-11);
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert!(normal_quantile(1.5).is_nan());
    }
}
