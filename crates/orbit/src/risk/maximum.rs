//! The largest probability that any uncertainty could give.

use super::circle;
use super::plane::{EncounterPlane, principal};

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

/// The largest probability of a collision where only one of the two bodies has a covariance: that of the other is the
/// worst there could be (Frisbee, "An upper bound on high speed satellite collision probability when only one object has
/// position uncertainty information", AAS 15-717, 2015).
///
/// `plane` is that of the one covariance, the other body taken as known exactly; `radius` is that of both bodies, km.
/// The worst covariance of the other is a line along the miss: the threshold given is its deviation, 0 where none makes
/// the probability larger. This is not a probability of collision.
///
/// `None` unless the radius is positive and finite.
#[must_use]
pub fn maximum_probability_beside(
    plane: &EncounterPlane,
    radius: f64,
) -> Option<MaximumProbability> {
    if !(radius.is_finite() && radius > 0.0) {
        return None;
    }
    let [x, y] = plane.miss;
    let distance = x.hypot(y);
    let [large, small] = plane.deviations.map(|deviation| deviation * deviation);
    let at = |deviation: f64| {
        let share = if distance > 0.0 {
            (deviation / distance).powi(2)
        } else {
            0.0
        };
        let axes = principal(large + share * x * x, share * x * y, small + share * y * y);
        let deviations = [axes.large.sqrt(), axes.small.max(0.0).sqrt()];
        circle::integral(axes.turn([x, y]), deviations, radius)
    };
    let without = MaximumProbability {
        probability: at(0.0),
        dilution_threshold: 0.0,
    };
    if distance <= radius {
        return Some(without);
    }
    // A small body has its largest probability at a deviation below the distance; a large one where it reaches the circle.
    let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = ((1e-6 * distance).ln(), (2.0 * distance).ln());
    while high - low > 1e-7 {
        let (left, right) = (high - ratio * (high - low), low + ratio * (high - low));
        if at(left.exp()) >= at(right.exp()) {
            high = right
        } else {
            low = left
        }
    }
    let deviation = (0.5 * (low + high)).exp();
    let with = MaximumProbability {
        probability: at(deviation),
        dilution_threshold: deviation,
    };
    // Within one deviation of the known covariance any other only dilutes.
    Some(if with.probability > without.probability {
        with
    } else {
        without
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(miss: [f64; 2], deviations: [f64; 2]) -> EncounterPlane {
        EncounterPlane {
            miss,
            deviations,
            along: 1.0,
            speed: 10.0,
        }
    }

    #[test]
    fn beside_one_covariance_a_small_body_has_a_closed_form() {
        // The density is largest where the variance along the miss is d² (k² − 1) / k², k the distance in deviations.
        let (miss, deviations, radius) = ([0.3, 0.4], [0.2, 0.1], 1e-4);
        let square = (0.3_f64 / 0.2).powi(2) + (0.4_f64 / 0.1).powi(2);
        let found = maximum_probability_beside(&plane(miss, deviations), radius).unwrap();
        let expected = radius * radius / (2.0 * 0.2 * 0.1) * (-0.5_f64).exp() / square.sqrt();
        assert!(
            (found.probability / expected - 1.0).abs() < 1e-4,
            "{found:?} {expected}"
        );
        let deviation = 0.5 * ((square - 1.0) / square).sqrt();
        assert!(
            (found.dilution_threshold / deviation - 1.0).abs() < 1e-2,
            "{found:?}"
        );
    }

    #[test]
    fn beside_one_covariance_it_is_an_upper_bound() {
        let known = plane([0.3, 0.4], [0.2, 0.1]);
        let most = maximum_probability_beside(&known, 0.005)
            .unwrap()
            .probability;
        // Round covariances of the other, of any size.
        for size in [0.0, 0.01, 0.05, 0.1, 0.3, 1.0, 5.0_f64] {
            let deviations = [0.2, 0.1].map(|one: f64| one.hypot(size));
            let here = plane([0.3, 0.4], deviations).probability(0.005).unwrap();
            assert!(here <= most, "{size}: {here} above {most}");
        }
        // Near the middle another covariance only dilutes.
        let near = plane([0.05, 0.02], [0.2, 0.1]);
        let found = maximum_probability_beside(&near, 0.005).unwrap();
        assert_eq!(found.dilution_threshold, 0.0);
        assert_eq!(found.probability, near.probability(0.005).unwrap());
        assert_eq!(maximum_probability_beside(&near, f64::NAN), None);
    }

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
