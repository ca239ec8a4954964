//! The largest probability that any uncertainty could give.

use super::circle;

/// The largest probability for a miss distance, and the uncertainty that gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MaximumProbability {
    /// The largest probability over all sizes of a covariance that is round in the encounter plane.
    pub probability: f64,
    /// The dilution threshold: the standard deviation per axis (km) at which it is reached. If the true
    /// uncertainty is larger, the probability is diluted: better data may raise it.
    pub dilution_threshold: f64,
}

/// The largest probability of a collision for a miss distance and the radius of both bodies together, km.
///
/// For a radius far below the distance it approaches r² / (e d²), at d / √2. A distance within the radius
/// gives 1, at no uncertainty. This is not a probability of collision: it says what no better or worse
/// knowledge of round uncertainty could exceed.
///
/// `None` unless both are finite, the distance not negative, and the radius positive.
#[must_use]
pub fn maximum_probability(distance: f64, radius: f64) -> Option<MaximumProbability> {
    if !(distance.is_finite() && radius.is_finite() && distance >= 0.0 && radius > 0.0) {
        return None;
    }
    if distance <= radius {
        return Some(MaximumProbability {
            probability: 1.0,
            dilution_threshold: 0.0,
        });
    }
    let at = |logarithm: f64| circle::integral([distance, 0.0], [logarithm.exp(); 2], radius);
    // One maximum, between a hundredth of the gap and the distance: golden section.
    let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = ((0.01 * (distance - radius)).ln(), (2.0 * distance).ln());
    while high - low > 1e-7 {
        let (left, right) = (high - ratio * (high - low), low + ratio * (high - low));
        if at(left) >= at(right) {
            high = right
        } else {
            low = left
        }
    }
    let best = 0.5 * (low + high);
    Some(MaximumProbability {
        probability: at(best),
        dilution_threshold: best.exp(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_body_has_a_closed_form() {
        let found = maximum_probability(1.0, 0.001).unwrap();
        assert!(
            (found.probability / (1e-6 / std::f64::consts::E) - 1.0).abs() < 1e-5,
            "{found:?}"
        );
        assert!(
            (found.dilution_threshold - 0.5_f64.sqrt()).abs() < 1e-3,
            "{found:?}"
        );
    }

    #[test]
    fn it_grows_with_the_body_and_ends_at_one() {
        let mut last = 0.0;
        for radius in [0.001, 0.01, 0.1, 0.5, 0.9, 0.999] {
            let found = maximum_probability(1.0, radius).unwrap().probability;
            assert!(found > last && found < 1.0, "{radius}: {found}");
            last = found;
        }
        assert_eq!(maximum_probability(0.5, 1.0).unwrap().probability, 1.0);
        assert_eq!(maximum_probability(f64::NAN, 1.0), None);
        assert_eq!(maximum_probability(1.0, 0.0), None);
    }
}
