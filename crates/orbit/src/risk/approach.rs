//! Whether two orbits come within a distance of each other in a window: two-body motion, exact to its precision.

use super::equinoctial::{Elements, basis, state};
use super::expected::Window;
use crate::matrix::{cross, dot, length, scale, subtract};
use crate::propagate::State;

/// Whether they come within `radius` (km); `None` when one of the two is no bound orbit.
///
/// Two orbits in different planes can only be near where one crosses the other's plane, which happens twice in each
/// turn; those moments have closed forms. Where the planes are so close that this says little, time is stepped
/// through with a bound of the relative acceleration.
pub(crate) fn comes_within(
    one: &Elements,
    two: &Elements,
    window: &Window,
    radius: f64,
) -> Option<bool> {
    let (shape_one, shape_two) = (Shape::of(one)?, Shape::of(two)?);
    let line = cross(shape_one.normal, shape_two.normal);
    let sine = length(line);
    // Ranges of radius that do not overlap.
    if shape_one.lowest > shape_two.highest + radius
        || shape_two.lowest > shape_one.highest + radius
    {
        return Some(false);
    }
    let reach = radius / (sine * shape_one.lowest);
    if reach.is_nan() || reach >= 0.01 {
        return step_through(one, two, &shape_one, &shape_two, window, radius);
    }
    let node = scale(line, 1.0 / sine);
    for direction in [node, scale(node, -1.0)] {
        let mean = shape_one.mean_longitude_towards(direction);
        // Each turn that falls into the window, and one beyond either end for contacts that begin there.
        let turn = std::f64::consts::TAU;
        let first = ((one[0] * window.from + one[5] - mean) / turn).floor();
        let last = ((one[0] * window.to + one[5] - mean) / turn).ceil();
        let mut index = first;
        while index <= last {
            let seconds = (mean + index * turn - one[5]) / one[0];
            index += 1.0;
            // Time in which the first stays within the radius of the plane: its climb is h sin(I) / r.
            let here = shape_one.radius_towards(direction);
            let climb = shape_one.momentum * sine / here;
            let half = 1.1 * radius / climb;
            if seconds + half < window.from || seconds - half > window.to {
                continue;
            }
            if near(one, two, seconds, half, window, radius)? {
                return Some(true);
            }
        }
    }
    Some(false)
}

/// What does not change along an orbit.
struct Shape {
    normal: [f64; 3],
    axes: ([f64; 3], [f64; 3]),
    h: f64,
    k: f64,
    lowest: f64,
    highest: f64,
    semi_latus: f64,
    momentum: f64,
}

impl Shape {
    fn of(elements: &Elements) -> Option<Self> {
        let [motion, h, k, p, q, _] = *elements;
        let eccentricity = h.hypot(k);
        if !(eccentricity < 0.9999 && motion > 0.0) {
            return None;
        }
        let axes = basis(p, q);
        let axis = (super::equinoctial::EARTH / (motion * motion)).cbrt();
        let semi_latus = axis * (1.0 - eccentricity * eccentricity);
        Some(Self {
            normal: cross(axes.0, axes.1),
            axes,
            h,
            k,
            lowest: axis * (1.0 - eccentricity),
            highest: axis * (1.0 + eccentricity),
            semi_latus,
            momentum: (super::equinoctial::EARTH * semi_latus).sqrt(),
        })
    }

    /// Cosine and sine of the true longitude towards a direction.
    fn towards(&self, direction: [f64; 3]) -> (f64, f64) {
        let (x, y) = (dot(direction, self.axes.0), dot(direction, self.axes.1));
        let size = x.hypot(y);
        (x / size, y / size)
    }

    fn radius_towards(&self, direction: [f64; 3]) -> f64 {
        let (cosine, sine) = self.towards(direction);
        self.semi_latus / (1.0 + self.k * cosine + self.h * sine)
    }

    /// The mean longitude of the place in a direction (within the plane).
    fn mean_longitude_towards(&self, direction: [f64; 3]) -> f64 {
        let (cosine, sine) = self.towards(direction);
        let (h, k) = (self.h, self.k);
        let root = (1.0 - h * h - k * k).sqrt();
        let beta = 1.0 / (1.0 + root);
        let over = 1.0 / (1.0 + k * cosine + h * sine);
        // X / a and Y / a, and from them the eccentric longitude.
        let (x, y) = (root * root * cosine * over, root * root * sine * over);
        let sine_f = h + ((1.0 - h * h * beta) * y - h * k * beta * x) / root;
        let cosine_f = k + ((1.0 - k * k * beta) * x - h * k * beta * y) / root;
        sine_f.atan2(cosine_f) + h * cosine_f - k * sine_f
    }
}

/// A bound of the relative acceleration of two bodies at most `distance` apart, above a lowest radius.
fn acceleration(distance: f64, lowest: f64) -> f64 {
    let gravity = super::equinoctial::EARTH / (lowest * lowest);
    (2.0 * gravity).min(2.0 * gravity * distance / lowest)
}

fn relative(one: &Elements, two: &Elements, seconds: f64) -> Option<([f64; 3], [f64; 3])> {
    let (a, b): (State, State) = (state(one, seconds)?, state(two, seconds)?);
    Some((
        subtract(b.position, a.position),
        subtract(b.velocity, a.velocity),
    ))
}

/// The least distance on a straight line within some time either way, and when.
fn straight(gap: [f64; 3], rate: [f64; 3], low: f64, high: f64) -> (f64, f64) {
    let square = dot(rate, rate);
    let at = if square > 0.0 {
        (-dot(gap, rate) / square).clamp(low, high)
    } else {
        low
    };
    let off: [f64; 3] = std::array::from_fn(|axis| gap[axis] + rate[axis] * at);
    (length(off), at)
}

/// Whether they meet about a moment.
fn near(
    one: &Elements,
    two: &Elements,
    seconds: f64,
    half: f64,
    window: &Window,
    radius: f64,
) -> Option<bool> {
    let (gap, rate) = relative(one, two, seconds)?;
    let low = (-half).max(window.from - seconds);
    let high = half.min(window.to - seconds);
    if low > high {
        return Some(false);
    }
    let (least, mut at) = straight(gap, rate, low, high);
    let lowest = 6000.0;
    let far = length(gap) + length(rate) * half;
    let bend = 0.5 * acceleration(far, lowest) * half * half;
    if least > radius + bend {
        return Some(false);
    }
    // The straight line's nearest moment, made better twice; the bend within `half` is small.
    let mut best = least + bend;
    for _ in 0..4 {
        let (gap, rate) = relative(one, two, seconds + at)?;
        best = best.min(length(gap));
        let (_, shift) = straight(gap, rate, low - at, high - at);
        if shift.abs() < 1e-9 {
            break;
        }
        at += shift;
    }
    Some(best <= radius)
}

/// Steps through the window, each so long that they cannot meet within it.
fn step_through(
    one: &Elements,
    two: &Elements,
    shape_one: &Shape,
    shape_two: &Shape,
    window: &Window,
    radius: f64,
) -> Option<bool> {
    let lowest = shape_one.lowest.min(shape_two.lowest);
    let strongest = acceleration(f64::INFINITY, lowest);
    let mut seconds = window.from;
    while seconds <= window.to {
        let (gap, rate) = relative(one, two, seconds)?;
        let distance = length(gap);
        if distance <= radius {
            return Some(true);
        }
        let speed = length(rate);
        let closing = -dot(gap, rate) / distance;
        // A first length of step, then shortened until it is proven: distance on the straight line less the bend.
        let mut step = (0.5 * (distance - radius) / speed.max(1e-9)).max(1e-4)
            + if closing < 0.0 {
                speed / strongest
            } else {
                0.0
            };
        loop {
            let far = distance + speed * step + 0.5 * strongest * step * step;
            let bend = 0.5 * acceleration(far, lowest) * step * step;
            let (least, at) = straight(gap, rate, 0.0, step);
            if least - bend > radius {
                break;
            }
            if bend < 1e-7 {
                // The bend is a tenth of a millimetre: the straight line decides.
                if least <= radius && seconds + at <= window.to {
                    return Some(true);
                }
                break;
            }
            step *= 0.5;
        }
        seconds += step;
    }
    Some(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::unit;
    use crate::risk::equinoctial::{EARTH, from_state};
    use proptest::prelude::*;

    /// The least distance by looking every half second and by golden section.
    fn brute_force(one: &Elements, two: &Elements, window: &Window) -> f64 {
        let at = |seconds: f64| length(relative(one, two, seconds).unwrap().0);
        let count = ((window.to - window.from) / 0.5) as usize;
        let values: Vec<f64> = (0..=count)
            .map(|i| at(window.from + 0.5 * i as f64))
            .collect();
        let mut least = values[0].min(values[count]);
        for index in 1..count {
            if values[index] <= values[index - 1] && values[index] <= values[index + 1] {
                let middle = window.from + 0.5 * index as f64;
                let (mut low, mut high) = (middle - 0.5, middle + 0.5);
                for _ in 0..60 {
                    let (a, b) = (low + (high - low) * 0.382, low + (high - low) * 0.618);
                    if at(a) <= at(b) { high = b } else { low = a }
                }
                least = least.min(at(0.5 * (low + high)));
            }
        }
        least
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn as_by_looking_closely(
            axis in 6800.0..7300.0_f64,
            h in -0.01..0.01_f64, k in -0.01..0.01_f64,
            p in -0.9..0.9_f64, q in -0.9..0.9_f64,
            start in 0.0..std::f64::consts::TAU,
            tilt in prop_oneof![0.0..1e-6_f64, 1e-5..1e-3_f64, 0.01..1.0_f64],
            kick in proptest::array::uniform3(-1e-3..1e-3_f64),
            offset in proptest::array::uniform3(-0.3..0.3_f64),
        ) {
            let one: Elements = [(EARTH / axis.powi(3)).sqrt(), h, k, p, q, start];
            let met = state(&one, 400.0).unwrap();
            // The other passes close by at that time, its plane tilted about the position.
            let up = unit(met.position).unwrap();
            let side = cross(up, met.velocity);
            let velocity: [f64; 3] = std::array::from_fn(|i| met.velocity[i] * tilt.cos() + side[i] * tilt.sin() + kick[i]);
            let position = std::array::from_fn(|i| met.position[i] + offset[i]);
            let mut two = from_state(&State { position, velocity }).unwrap();
            two[5] -= two[0] * 400.0;
            let window = Window { from: -900.0, to: 900.0 };
            let least = brute_force(&one, &two, &window);
            for radius in [0.02, 0.1, 0.3, 0.6] {
                if (least - radius).abs() < 1e-6 { continue; }
                prop_assert_eq!(comes_within(&one, &two, &window, radius), Some(least < radius), "{} {}", least, radius);
            }
        }
    }
}
