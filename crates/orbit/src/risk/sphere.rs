//! The rate at which a relative state enters a sphere.
//!
//! Coppola, "Including velocity uncertainty in the probability of collision between space objects" (AAS 12-247, 2012):
//! the flux inwards through the sphere of the bodies' common radius, with position and velocity normal together.
//!
//! Hall 2021 integrates over the sphere with Lebedev's directions. The flux has an edge across the relative velocity,
//! which such a rule does not follow; here both half spheres are integrated apart (Gauss and Legendre in the cosine,
//! equal steps around), which keeps all digits.

use std::f64::consts::{PI, TAU};

use super::overlap::Overlap;
use crate::matrix::{across, add, apply, dot, eigen, length, multiply, scale, subtract, transpose};

/// Nodes and weights of Gauss and Legendre on [-1, 1].
pub(crate) fn gauss_legendre(count: usize) -> Vec<(f64, f64)> {
    (0..count)
        .map(|index| {
            let mut x = (PI * (index as f64 + 0.75) / (count as f64 + 0.5)).cos();
            let mut slope = 1.0;
            for _ in 0..100 {
                let (mut p, mut before) = (1.0, 0.0);
                for degree in 0..count {
                    let degree = degree as f64;
                    (p, before) = (
                        ((2.0 * degree + 1.0) * x * p - degree * before) / (degree + 1.0),
                        p,
                    );
                }
                slope = count as f64 * (x * p - before) / (x * x - 1.0);
                let step = p / slope;
                x -= step;
                if step.abs() < 1e-15 {
                    break;
                }
            }
            (x, 2.0 / ((1.0 - x * x) * slope * slope))
        })
        .collect()
}

/// Directions and how many: grown with the radius over the smallest deviation.
pub(crate) struct Rule {
    polar: Vec<(f64, f64)>,
    around: Vec<(f64, f64)>,
}

impl Rule {
    /// For a radius so many times the smallest deviation of position.
    pub(crate) fn new(ratio: f64) -> Self {
        // A normal density over a sphere r deviations wide needs of the order of r nodes; ten decimal digits below.
        let count = (10.0 + 4.0 * ratio.min(60.0)).ceil() as usize;
        let turns = 2 * count;
        Self {
            polar: gauss_legendre(count),
            around: (0..turns)
                .map(|index| (TAU * (index as f64 + 0.5) / turns as f64).sin_cos())
                .collect(),
        }
    }

    /// Rate of entering per second.
    pub(crate) fn rate(&self, overlap: &Overlap, radius: f64) -> f64 {
        let meeting = overlap.meeting_velocity();
        let speed = length(meeting);
        // The direction from which the other body comes.
        let axis = if speed > 0.0 {
            scale(meeting, -1.0 / speed)
        } else {
            [0.0, 0.0, 1.0]
        };
        let Some(sides) = across(axis) else {
            return 0.0;
        };
        let slope = overlap.slope();
        // Covariance of the velocity given the position.
        let own = multiply(&slope, &transpose(&overlap.mixed));
        let rest: [[f64; 3]; 3] =
            std::array::from_fn(|row| subtract(overlap.velocity[row], own[row]));
        let (spreads, _) = eigen(&rest);
        let spread = spreads.iter().fold(0.0_f64, |most, v| most.max(*v)).sqrt();
        let tilt: f64 = slope.iter().flatten().map(|v| v * v).sum::<f64>().sqrt() * radius;
        // How far from the edge, in the cosine, the velocity's uncertainty reaches.
        let edge = if speed > 0.0 {
            (7.0 * (spread + tilt) / speed).min(1.0)
        } else {
            1.0
        };
        let parts: &[(f64, f64)] = if edge < 1e-4 {
            &[(0.0, 1.0)]
        } else if edge < 0.3 {
            &[(-edge, 0.0), (0.0, edge), (edge, 1.0)]
        } else {
            &[(-1.0, -0.3), (-0.3, 0.0), (0.0, 0.3), (0.3, 1.0)]
        };
        let mut total = 0.0;
        for (low, high) in parts {
            let half = 0.5 * (high - low);
            for (node, weight) in &self.polar {
                let cosine = low + half * (node + 1.0);
                let sine = (1.0 - cosine * cosine).max(0.0).sqrt();
                let mut ring = 0.0;
                for (one, two) in &self.around {
                    let direction = add(
                        scale(axis, cosine),
                        add(scale(sides[0], sine * one), scale(sides[1], sine * two)),
                    );
                    let off = subtract(scale(direction, radius), overlap.gap);
                    let square = dot(off, apply(&overlap.weight, off));
                    if square > 1400.0 {
                        continue;
                    }
                    let outward = dot(direction, add(overlap.rate, apply(&slope, off)));
                    let deviation = dot(direction, apply(&rest, direction)).max(0.0).sqrt();
                    ring += (-0.5 * square).exp() * inward(outward, deviation);
                }
                total += half * weight * ring;
            }
        }
        total *= TAU / self.around.len() as f64 * radius * radius;
        total / (TAU.powi(3) * overlap.determinant().max(f64::MIN_POSITIVE)).sqrt()
    }
}

/// The mean of the inward part of a normal velocity (Coppola's H): E[max(0, -v)].
fn inward(mean: f64, deviation: f64) -> f64 {
    if mean <= -8.5 * deviation {
        return -mean;
    }
    if mean >= 38.0 * deviation {
        return 0.0;
    }
    let ratio = mean / deviation;
    let density = (-0.5 * ratio * ratio).exp() / TAU.sqrt();
    let below = 0.5 * libm::erfc(ratio / std::f64::consts::SQRT_2);
    (deviation * density - mean * below).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gauss_and_legendre_integrate_polynomials() {
        for count in [1, 2, 7, 20, 64, 250] {
            let rule = gauss_legendre(count);
            for degree in [0, 2, 2 * count - 2].into_iter().filter(|d| *d < 2 * count) {
                let sum: f64 = rule.iter().map(|(x, w)| w * x.powi(degree as i32)).sum();
                let expected = 2.0 / (degree as f64 + 1.0);
                assert!((sum - expected).abs() < 1e-13, "{count} {degree} {sum}");
            }
        }
    }

    #[test]
    fn the_inward_part() {
        // By the trapezoidal rule over the velocity.
        for (mean, deviation) in [(0.0, 1.0), (1.0, 0.5), (-2.0, 0.3), (3.0, 1.0), (-1.0, 4.0)] {
            let step = deviation / 2000.0;
            let sum: f64 = (-24_000..24_000)
                .map(|index| {
                    let offset = f64::from(index) * step;
                    let velocity = mean + offset;
                    let density = (-0.5 * (offset / deviation).powi(2)).exp();
                    density * (-velocity).max(0.0)
                })
                .sum::<f64>()
                * step
                / (deviation * TAU.sqrt());
            let found = inward(mean, deviation);
            assert!(
                (found - sum).abs() < 1e-6 * sum.max(1e-3),
                "{mean} {deviation}: {found} {sum}"
            );
        }
        assert_eq!(inward(-3.0, 0.0), 3.0);
        assert_eq!(inward(3.0, 0.0), 0.0);
        assert_eq!(inward(0.0, 0.0), 0.0);
    }
}
