//! The integral of a two-dimensional normal distribution over a circle.

use std::f64::consts::{FRAC_PI_2, SQRT_2};

/// Nodes and weights of Gauss and Legendre, 8 points on [-1, 1], one half.
const NODES: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_3),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
    (0.960_289_856_497_536_3, 0.101_228_536_290_376_26),
];
/// Panels of the quadrature.
const PANELS: usize = 64;

/// The probability that a normal variable with independent axes (`deviations`, centred on `mean`) falls
/// into a circle about the origin.
///
/// The axis of the larger deviation is integrated in closed form by error functions (Alfano 2005), the other over its
/// angle by Gauss and Legendre, so that the ends of the circle are smooth: along the narrow axis the panels lie where there
/// is weight, however thin it is.
pub(crate) fn integral(mean: [f64; 2], deviations: [f64; 2], radius: f64) -> f64 {
    let [mut narrow, mut wide] = [(mean[0], deviations[0]), (mean[1], deviations[1])];
    if narrow.1 > wide.1 {
        std::mem::swap(&mut narrow, &mut wide);
    }
    let ((x_mean, x_deviation), (y_mean, y_deviation)) = (narrow, wide);
    // Where the first axis has weight: all of the circle, or what is within 12 deviations.
    let within = |x: f64| (x / radius).clamp(-1.0, 1.0).asin();
    let (mut low, mut high) = (
        within(x_mean - 12.0 * x_deviation),
        within(x_mean + 12.0 * x_deviation),
    );
    if high - low < 1e-12 {
        (low, high) = (-FRAC_PI_2, FRAC_PI_2);
    }
    let width = (high - low) / PANELS as f64;
    let mut sum = 0.0;
    for panel in 0..PANELS {
        let middle = low + (panel as f64 + 0.5) * width;
        for (node, weight) in NODES {
            for side in [-1.0, 1.0] {
                let angle = middle + 0.5 * side * node * width;
                let (sine, cosine) = angle.sin_cos();
                let offset = (radius * sine - x_mean) / x_deviation;
                let half = radius * cosine;
                let inside = between(-half - y_mean, half - y_mean, y_deviation);
                sum += weight * (-0.5 * offset * offset).exp() * inside * half;
            }
        }
    }
    let normal = x_deviation * (2.0 * std::f64::consts::PI).sqrt();
    (0.5 * width * sum / normal).clamp(0.0, 1.0)
}

/// The probability of a centred normal variable between two limits, accurate in the tails.
fn between(low: f64, high: f64, deviation: f64) -> f64 {
    let (low, high) = (low / (deviation * SQRT_2), high / (deviation * SQRT_2));
    if low > 0.0 {
        0.5 * (libm::erfc(low) - libm::erfc(high))
    } else if high < 0.0 {
        0.5 * (libm::erfc(-high) - libm::erfc(-low))
    } else {
        0.5 * (libm::erf(high) - libm::erf(low))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_centred_round_case_has_a_closed_form() {
        for ratio in [0.01_f64, 0.3, 1.0, 4.0] {
            let expected = 1.0 - (-0.5 * ratio * ratio).exp();
            let found = integral([0.0, 0.0], [1.0, 1.0], ratio);
            assert!(
                (found / expected - 1.0).abs() < 1e-12,
                "{ratio}: {found} {expected}"
            );
        }
    }

    #[test]
    fn the_axes_are_alike() {
        for (mean, deviations, radius) in [
            ([3.0, 1.0], [0.1, 20.0], 0.5),
            ([0.0, 7.0], [2.0, 0.05], 1.0),
            ([1.0, 1.0], [1e-3, 1e-3], 1.5),
        ] {
            let one = integral(mean, deviations, radius);
            let other = integral([mean[1], mean[0]], [deviations[1], deviations[0]], radius);
            assert!(
                (one - other).abs() <= 1e-9 * one.max(1e-30),
                "{one} {other}"
            );
        }
    }

    #[test]
    fn a_thin_axis_deep_in_the_circle() {
        // All of the thin axis is inside: what is left is the chord along the wide one.
        for thin in [1e-2, 1e-4, 1e-7] {
            let found = integral([0.5, 0.0], [thin, 3.0], 1.0);
            let expected = libm::erf(0.75_f64.sqrt() / (3.0 * SQRT_2));
            assert!(
                (found / expected - 1.0).abs() < 2.0 * thin * thin + 1e-9,
                "{thin}: {found} {expected}"
            );
        }
    }
}
