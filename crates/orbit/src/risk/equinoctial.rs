//! Two-body motion in equinoctial elements, in which uncertainty stays normal for longest.
//!
//! Elements and partial derivatives: Broucke and Cefola, "On the equinoctial orbit elements" (Celestial Mechanics
//! 5, 1972); Danielson and others, "Semianalytic satellite theory" (NPS-MA-95-002), section 2.1. The mean motion
//! stands in place of the semi-major axis, as in Hall 2021: then motion is a shift of one element, linear in another.

use crate::matrix::{Square, add, cross, dot, inverse, length, scale, subtract};
use crate::propagate::State;

/// Gravitational parameter of the Earth (EGM-96), km³/s²: what the conjunction messages' states are made with.
pub(crate) const EARTH: f64 = 398_600.441_8;

/// Mean motion (rad/s), h = e sin ϖ, k = e cos ϖ, p = tan(i/2) sin Ω, q = tan(i/2) cos Ω, mean longitude (rad).
pub(crate) type Elements = [f64; 6];

/// Elements of a bound state. Inclinations near 180° have none: turn the frame first.
pub(crate) fn from_state(state: &State) -> Option<Elements> {
    let (position, velocity) = (state.position, state.velocity);
    let radius = length(position);
    let axis = 1.0 / (2.0 / radius - dot(velocity, velocity) / EARTH);
    let momentum = cross(position, velocity);
    let normal = crate::matrix::unit(momentum)?;
    if !(axis > 0.0 && axis.is_finite() && 1.0 + normal[2] > 1e-6) {
        return None;
    }
    let p = normal[0] / (1.0 + normal[2]);
    let q = -normal[1] / (1.0 + normal[2]);
    let (f, g) = basis(p, q);
    let eccentric = subtract(
        scale(cross(velocity, momentum), 1.0 / EARTH),
        scale(position, 1.0 / radius),
    );
    let (h, k) = (dot(eccentric, g), dot(eccentric, f));
    let root_square = 1.0 - h * h - k * k;
    if root_square.is_nan() || root_square <= 0.0 {
        return None;
    }
    let root = root_square.sqrt();
    let beta = 1.0 / (1.0 + root);
    let (x, y) = (dot(position, f), dot(position, g));
    let sine = h + ((1.0 - h * h * beta) * y - h * k * beta * x) / (axis * root);
    let cosine = k + ((1.0 - k * k * beta) * x - h * k * beta * y) / (axis * root);
    let longitude = sine.atan2(cosine);
    let mean = longitude + h * cosine - k * sine;
    let motion = (EARTH / axis).sqrt() / axis;
    let elements = [motion, h, k, p, q, mean];
    elements
        .iter()
        .all(|value| value.is_finite())
        .then_some(elements)
}

/// Axes of the orbital plane: f, g (and w is their cross product).
pub(crate) fn basis(p: f64, q: f64) -> ([f64; 3], [f64; 3]) {
    let m = 1.0 / (1.0 + p * p + q * q);
    (
        [(1.0 - p * p + q * q) * m, 2.0 * p * q * m, -2.0 * p * m],
        [2.0 * p * q * m, (1.0 + p * p - q * q) * m, 2.0 * q * m],
    )
}

/// Position and velocity in the plane's axes, and what their derivatives share.
struct InPlane {
    axis: f64,
    h: f64,
    k: f64,
    root: f64,
    beta: f64,
    sine: f64,
    cosine: f64,
    /// Radius over semi-major axis.
    rho: f64,
    /// X / a and Y / a.
    place: [f64; 2],
    /// Derivatives of these by the eccentric longitude.
    turn: [f64; 2],
}

/// `None` for elements of no bound orbit.
fn in_plane(elements: &Elements, seconds: f64) -> Option<InPlane> {
    let [motion, h, k, _, _, mean] = *elements;
    let root_square = 1.0 - h * h - k * k;
    if !(root_square > 1e-8 && motion > 0.0) {
        return None;
    }
    let root = root_square.sqrt();
    let beta = 1.0 / (1.0 + root);
    let axis = (EARTH / (motion * motion)).cbrt();
    let longitude = eccentric_longitude(h, k, mean + motion * seconds)?;
    let (sine, cosine) = longitude.sin_cos();
    let cross_term = h * k * beta;
    let (one_h, one_k) = (1.0 - h * h * beta, 1.0 - k * k * beta);
    Some(InPlane {
        axis,
        h,
        k,
        root,
        beta,
        sine,
        cosine,
        rho: 1.0 - k * cosine - h * sine,
        place: [
            one_h * cosine + cross_term * sine - k,
            one_k * sine + cross_term * cosine - h,
        ],
        turn: [
            cross_term * cosine - one_h * sine,
            one_k * cosine - cross_term * sine,
        ],
    })
}

/// Kepler's equation in longitudes: F + h cos F - k sin F = mean.
fn eccentric_longitude(h: f64, k: f64, mean: f64) -> Option<f64> {
    let turn = std::f64::consts::TAU;
    let mean = mean - turn * (mean / turn).round();
    let eccentricity = h.hypot(k);
    let (mut low, mut high) = (mean - eccentricity - 1e-9, mean + eccentricity + 1e-9);
    let (sine, cosine) = mean.sin_cos();
    let mut guess = mean + (k * sine - h * cosine) / (1.0 - k * cosine - h * sine).max(0.2);
    for _ in 0..60 {
        guess = guess.clamp(low, high);
        let (sine, cosine) = guess.sin_cos();
        let off = guess + h * cosine - k * sine - mean;
        if off > 0.0 {
            high = guess
        } else {
            low = guess
        }
        let step = off / (1.0 - h * sine - k * cosine);
        let next = guess - step;
        if step.abs() < 1e-9 {
            // The next error is of the order of the square of this step.
            return Some(next);
        }
        // Newton's steps stay within what is known; where they do not, halve.
        guess = if next > low && next < high {
            next
        } else {
            0.5 * (low + high)
        };
    }
    guess.is_finite().then_some(guess)
}

/// The state some seconds after the elements' time.
pub(crate) fn state(elements: &Elements, seconds: f64) -> Option<State> {
    let plane = in_plane(elements, seconds)?;
    let (f, g) = basis(elements[3], elements[4]);
    Some(plane.state(elements[0], f, g))
}

/// The state some seconds later and its derivatives by the elements: rows position and velocity, columns elements.
pub(crate) fn linearised(elements: &Elements, seconds: f64) -> Option<(State, Square<6>)> {
    let plane = in_plane(elements, seconds)?;
    let [motion, _, _, p, q, _] = *elements;
    let (f, g) = basis(p, q);
    let w = cross(f, g);
    let state = plane.state(motion, f, g);
    let m = 2.0 / (1.0 + p * p + q * q);
    // Derivatives of the plane's axes.
    let f_p = scale(add(scale(g, q), w), -m);
    let g_p = scale(f, m * q);
    let f_q = scale(g, m * p);
    let g_q = scale(subtract(w, scale(f, p)), m);
    let combine = |x: f64, a: [f64; 3], y: f64, b: [f64; 3]| add(scale(a, x), scale(b, y));
    let [x, y] = plane.place.map(|value| value * plane.axis);
    let speed = motion * plane.axis / plane.rho;
    let [x_dot, y_dot] = plane.turn.map(|value| value * speed);
    let radius = plane.axis * plane.rho;
    let by_longitude_position = scale(state.velocity, 1.0 / motion);
    let by_longitude_velocity = scale(state.position, -EARTH / (radius.powi(3) * motion));
    // Kepler: a ~ n^(-2/3), speed ~ n^(1/3), and the longitude grows by the seconds.
    let by_motion_position = add(
        scale(state.position, -2.0 / (3.0 * motion)),
        scale(by_longitude_position, seconds),
    );
    let by_motion_velocity = add(
        scale(state.velocity, 1.0 / (3.0 * motion)),
        scale(by_longitude_velocity, seconds),
    );
    let [by_h, by_k] = plane.by_eccentricity(motion);
    let columns = [
        (by_motion_position, by_motion_velocity),
        (
            combine(by_h[0], f, by_h[1], g),
            combine(by_h[2], f, by_h[3], g),
        ),
        (
            combine(by_k[0], f, by_k[1], g),
            combine(by_k[2], f, by_k[3], g),
        ),
        (combine(x, f_p, y, g_p), combine(x_dot, f_p, y_dot, g_p)),
        (combine(x, f_q, y, g_q), combine(x_dot, f_q, y_dot, g_q)),
        (by_longitude_position, by_longitude_velocity),
    ];
    let mut jacobian = [[0.0; 6]; 6];
    for (column, (position, velocity)) in columns.iter().enumerate() {
        for axis in 0..3 {
            jacobian[axis][column] = position[axis];
            jacobian[axis + 3][column] = velocity[axis];
        }
    }
    Some((state, jacobian))
}

impl InPlane {
    fn state(&self, motion: f64, f: [f64; 3], g: [f64; 3]) -> State {
        let speed = motion * self.axis / self.rho;
        let combine = |pair: [f64; 2], factor: f64| {
            std::array::from_fn(|axis| factor * (pair[0] * f[axis] + pair[1] * g[axis]))
        };
        State {
            position: combine(self.place, self.axis),
            velocity: combine(self.turn, speed),
        }
    }

    /// Derivatives of X, Y, X', Y' by h and by k, mean longitude and motion kept.
    fn by_eccentricity(&self, motion: f64) -> [[f64; 4]; 2] {
        let Self {
            axis,
            h,
            k,
            root,
            beta,
            sine,
            cosine,
            rho,
            ..
        } = *self;
        let beta_by = [beta * beta * h / root, beta * beta * k / root];
        let longitude_by = [-cosine / rho, sine / rho];
        let one_h = 1.0 - h * h * beta;
        let one_k = 1.0 - k * k * beta;
        let cross_term = h * k * beta;
        std::array::from_fn(|which| {
            let (beta_by, longitude_by) = (beta_by[which], longitude_by[which]);
            let by_h = which == 0;
            // Derivatives of h²β, k²β and hkβ.
            let h_square = if by_h { 2.0 * h * beta } else { 0.0 } + h * h * beta_by;
            let k_square = if by_h { 0.0 } else { 2.0 * k * beta } + k * k * beta_by;
            let mixed = if by_h { k * beta } else { h * beta } + h * k * beta_by;
            let x =
                -h_square * cosine + mixed * sine - f64::from(!by_h) + self.turn[0] * longitude_by;
            let y =
                -k_square * sine + mixed * cosine - f64::from(by_h) + self.turn[1] * longitude_by;
            let x_turn = h_square * sine + mixed * cosine
                - (one_h * cosine + cross_term * sine) * longitude_by;
            let y_turn = -k_square * cosine
                - mixed * sine
                - (one_k * sine + cross_term * cosine) * longitude_by;
            let rho_by = -if by_h { sine } else { cosine } + (k * sine - h * cosine) * longitude_by;
            let speed = motion * axis / rho;
            [
                axis * x,
                axis * y,
                speed * (x_turn - self.turn[0] * rho_by / rho),
                speed * (y_turn - self.turn[1] * rho_by / rho),
            ]
        })
    }
}

/// Elements of a state and their covariance, from that of the state (same frame).
pub(crate) fn uncertain(state: &State, covariance: &Square<6>) -> Option<(Elements, Square<6>)> {
    let elements = from_state(state)?;
    let (_, jacobian) = linearised(&elements, 0.0)?;
    let back = inverse(&jacobian)?;
    Some((elements, crate::matrix::sandwich(&back, covariance)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn orbits() -> impl Strategy<Value = (Elements, f64)> {
        (
            6600.0..50_000.0_f64,
            0.0..0.9_f64,
            0.0..std::f64::consts::TAU,
            0.0..1.4_f64,
            0.0..std::f64::consts::TAU,
            0.0..std::f64::consts::TAU,
            -20_000.0..20_000.0_f64,
        )
            .prop_map(|(axis, eccentricity, apse, tangent, node, mean, seconds)| {
                (
                    [
                        (EARTH / axis.powi(3)).sqrt(),
                        eccentricity * apse.sin(),
                        eccentricity * apse.cos(),
                        tangent * node.sin(),
                        tangent * node.cos(),
                        mean,
                    ],
                    seconds,
                )
            })
    }

    proptest! {
        #[test]
        fn elements_of_their_state((elements, _) in orbits()) {
            let state = state(&elements, 0.0).unwrap();
            let again = from_state(&state).unwrap();
            prop_assert!((again[0] / elements[0] - 1.0).abs() < 1e-10);
            for index in 1..5 { prop_assert!((again[index] - elements[index]).abs() < 1e-10); }
            let turn = (again[5] - elements[5]) / std::f64::consts::TAU;
            prop_assert!((turn - turn.round()).abs() < 1e-10);
        }

        #[test]
        fn motion_keeps_the_laws_of_two_bodies((elements, seconds) in orbits()) {
            // Acceleration by differences is that of gravity; momentum stays.
            let step = 0.5;
            let at = |shift: f64| state(&elements, seconds + shift).unwrap();
            let (before, now, after) = (at(-step), at(0.0), at(step));
            let radius = length(now.position);
            for axis in 0..3 {
                let acceleration = (after.velocity[axis] - before.velocity[axis]) / (2.0 * step);
                let gravity = -EARTH * now.position[axis] / radius.powi(3);
                let size = EARTH / radius.powi(2);
                prop_assert!((acceleration - gravity).abs() < 1e-4 * size, "{acceleration} {gravity}");
            }
            let momentum = cross(now.position, now.velocity);
            let start = state(&elements, 0.0).unwrap();
            let other = cross(start.position, start.velocity);
            prop_assert!(length(subtract(momentum, other)) < 1e-10 * length(other));
        }

        #[test]
        fn derivatives_are_those_of_differences((elements, seconds) in orbits()) {
            let (_, jacobian) = linearised(&elements, seconds).unwrap();
            for column in 0..6 {
                let step = if column == 0 { 1e-7 * elements[0] } else { 1e-6 };
                let at = |shift: f64| {
                    let mut moved = elements;
                    moved[column] += shift;
                    let state = state(&moved, seconds).unwrap();
                    let mut all = [0.0; 6];
                    all[..3].copy_from_slice(&state.position);
                    all[3..].copy_from_slice(&state.velocity);
                    all
                };
                let (low, high) = (at(-step), at(step));
                for part in 0..2 {
                    let rows = 3 * part..3 * part + 3;
                    let size = rows.clone().map(|row| jacobian[row][column].powi(2)).sum::<f64>().sqrt();
                    for row in rows {
                        let difference = (high[row] - low[row]) / (2.0 * step);
                        let off = (difference - jacobian[row][column]).abs() / size;
                        prop_assert!(off < 2e-5, "{row} {column}: {difference} {}", jacobian[row][column]);
                    }
                }
            }
        }
    }
}
