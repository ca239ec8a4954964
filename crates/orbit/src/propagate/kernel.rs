//! SGP4 at run time, after AIAA 2006-6753 (Vallado, Crawford, Hujsak, Kelso), over registers.
//!
//! Where the published procedure branches, every branch that some object of a register needs is
//! evaluated and the result selected. Terms that the procedure leaves out for an object (drag of low
//! perigees) are zero in its [`terms`](super::terms) instead.

use pulp::Simd;

use super::gravity::Gravity;
use super::lanes::{Lanes, Mask};
use super::terms::{Common, Deep, Near, Segment};

/// Radians per minute by which the Earth turns.
pub(crate) const EARTH_RATE: f64 = 4.375_269_088_011_3e-3;
/// Mean motions and eccentricities of Sun and Moon as the theory has them.
const SUN: (f64, f64) = (1.194_59e-5, 0.016_75);
const MOON: (f64, f64) = (1.583_521_8e-4, 0.054_90);

/// Positions (km) and velocities (km/s) in TEME, and a code: 0 or that of an error.
pub(crate) struct Motion<S: Simd> {
    pub(crate) position: [Lanes<S>; 3],
    pub(crate) velocity: [Lanes<S>; 3],
    pub(crate) code: Lanes<S>,
}

/// The variants that Vallado's code distinguishes as `opsmode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Sidereal time by IAU 1982 ("i"): the default.
    #[default]
    Improved,
    /// As the US Air Force's own code did it ("a").
    AirForce,
}

/// Mean elements as they stand at an instant, before short-period terms.
struct Mean<S: Simd> {
    mean_motion: Lanes<S>,
    axis: Lanes<S>,
    eccentricity: Lanes<S>,
    argument: Lanes<S>,
    node: Lanes<S>,
    anomaly: Lanes<S>,
    sine_inclination: Lanes<S>,
    cosine_inclination: Lanes<S>,
    long_period_longitude: Lanes<S>,
    long_period_y: Lanes<S>,
    code: Lanes<S>,
}

/// Records an error in the places that have none yet.
#[inline(always)]
fn flag<S: Simd>(code: Lanes<S>, wrong: Mask<S>, value: f64) -> Lanes<S> {
    let first = code.below(0.5).and(wrong);
    first.select(code.constant(value), code)
}

/// Objects with a period below 225 minutes, `t` minutes after their epochs.
#[inline(always)]
pub(crate) fn near<S: Simd>(
    gravity: &Gravity,
    common: &Common<Lanes<S>>,
    near: &Near<Lanes<S>>,
    t: Lanes<S>,
) -> Motion<S> {
    let t2 = t * t;
    let plain_anomaly = common.mean_anomaly_dot.mul_add(t, common.mean_anomaly);
    let plain_argument = common.argument_dot.mul_add(t, common.argument);
    let node = common
        .node_drag
        .mul_add(t2, common.node_dot.mul_add(t, common.node));
    let (_, cosine) = plain_anomaly.sin_cos();
    let swing = near.eta.mul_add(cosine, t.constant(1.0));
    let swing = swing * swing * swing - near.anomaly_drag_offset;
    let shift = near.anomaly_drag.mul_add(swing, near.argument_drag * t);
    let anomaly = plain_anomaly + shift;
    let argument = plain_argument - shift;
    let (sine_anomaly, _) = anomaly.sin_cos();
    let one = t.constant(1.0);
    let axis =
        one - t * common.axis_drag - t2 * (near.axis_t2 + t * (near.axis_t3 + t * near.axis_t4));
    let eccentricity = common.eccentricity
        - t * common.eccentricity_drag
        - near.eccentricity_drag_sine * (sine_anomaly - near.sine_anomaly);
    let longitude = t2
        * (common.longitude_drag
            + t * (near.longitude_t3 + t * (near.longitude_t4 + t * near.longitude_t5)));

    let semi_major_axis = common.semi_major_axis * axis * axis;
    let mean_motion = semi_major_axis.constant(gravity.root_parameter)
        / (semi_major_axis * semi_major_axis.sqrt());
    let mut code = t.constant(0.0);
    code = flag(
        code,
        eccentricity.at_least(1.0).or(eccentricity.below(-0.001)),
        1.0,
    );
    let floor = t.constant(1e-6);
    let eccentricity = eccentricity.below(1e-6).select(floor, eccentricity);
    let mean = Mean {
        mean_motion,
        axis: semi_major_axis,
        eccentricity,
        argument,
        node,
        anomaly: common.mean_motion.mul_add(longitude, anomaly),
        sine_inclination: near.sine_inclination,
        cosine_inclination: near.cosine_inclination,
        long_period_longitude: near.long_period_longitude,
        long_period_y: near.long_period_y,
        code,
    };
    short_period(gravity, &mean)
}

/// Objects with a period of 225 minutes or more. `segment` is the integrator's step that `t` lies in.
#[inline(always)]
pub(crate) fn deep<S: Simd>(
    gravity: &Gravity,
    mode: Mode,
    common: &Common<Lanes<S>>,
    deep: &Deep<Lanes<S>>,
    segment: &Segment<Lanes<S>>,
    t: Lanes<S>,
) -> Motion<S> {
    let t2 = t * t;
    let one = t.constant(1.0);
    let mut anomaly =
        (common.mean_anomaly_dot + deep.mean_anomaly_dot).mul_add(t, common.mean_anomaly);
    let argument = (common.argument_dot + deep.argument_dot).mul_add(t, common.argument);
    let node = common.node_drag.mul_add(
        t2,
        (common.node_dot + deep.node_dot).mul_add(t, common.node),
    );
    let inclination = deep.inclination_dot.mul_add(t, common.inclination);
    let mut mean_motion = common.mean_motion;

    // Resonance of the Earth's tesseral harmonics: a step of the integrator, evaluated within.
    let resonant = deep.resonance.at_least(0.5);
    if resonant.any() {
        let within = t - segment.start;
        let half_square = within * within * 0.5;
        let fast = segment.mean_motion
            + segment.mean_motion_dot * within
            + segment.mean_motion_ddot * half_square;
        let longitude = segment.longitude
            + segment.longitude_dot * within
            + segment.mean_motion_dot * half_square;
        let theta = (deep.sidereal + t * EARTH_RATE).wrap_turn();
        let half_day = deep.resonance.at_least(1.5);
        let synchronous = longitude - node - argument + theta;
        let twice = longitude - (node + node) + (theta + theta);
        anomaly = resonant.select(half_day.select(twice, synchronous), anomaly);
        mean_motion = resonant.select(fast, mean_motion);
    }
    let mut code = flag(t.constant(0.0), mean_motion.below(f64::MIN_POSITIVE), 2.0);

    // a = a₀ (n / n₀)^(-2/3); the cube root by Newton, since n stays close to n₀.
    let ratio = mean_motion / common.mean_motion;
    let mut root = one - (ratio - 1.0) * (1.0 / 3.0);
    for _ in 0..5 {
        root = root * ((4.0 - ratio * root * root * root) * (1.0 / 3.0));
    }
    let shrink = one - t * common.axis_drag;
    let axis = common.semi_major_axis * root * root * shrink * shrink;
    let mean_motion = axis.constant(gravity.root_parameter) / (axis * axis.sqrt());
    let eccentricity =
        deep.eccentricity_dot.mul_add(t, common.eccentricity) - t * common.eccentricity_drag;
    code = flag(
        code,
        eccentricity.at_least(1.0).or(eccentricity.below(-0.001)),
        1.0,
    );
    let eccentricity = eccentricity
        .below(1e-6)
        .select(t.constant(1e-6), eccentricity);
    let anomaly = common
        .mean_motion
        .mul_add(common.longitude_drag * t2, anomaly);

    let periodic = Periodic::of(deep, t);
    let inclination = inclination + periodic.inclination;
    let eccentricity = eccentricity + periodic.eccentricity;
    let (sine, cosine) = inclination.sin_cos();
    let node = node.truncated_turn();
    let argument = argument.truncated_turn();
    let anomaly = anomaly.wrap_turn();

    // Away from the equator the periodics apply to the elements themselves; near it (0.2 rad) to
    // quantities that stay defined (Lyddane).
    let upright = inclination.at_least(0.2);
    let node_shift = periodic.node / sine;
    let argument_shift = periodic.argument - cosine * node_shift;
    let mut new_node = node + node_shift;
    let mut new_argument = argument + argument_shift;
    let new_anomaly = anomaly + periodic.longitude;
    if inclination.below(0.2).any() {
        let lyddane = Lyddane::of(&periodic, mode, sine, cosine, node, argument, anomaly);
        new_node = upright.select(new_node, lyddane.0);
        new_argument = upright.select(new_argument, lyddane.1);
    }

    // A negative inclination is the same plane seen from the other side.
    let zero = t.constant(0.0);
    let negative = inclination.less_than(zero);
    let pi = t.constant(std::f64::consts::PI);
    let new_node = negative.select(new_node + pi, new_node);
    let new_argument = negative.select(new_argument - pi, new_argument);
    let sine_inclination = negative.select(-sine, sine);
    code = flag(
        code,
        eccentricity.less_than(zero).or(one.less_than(eccentricity)),
        3.0,
    );

    let one_plus = one + cosine;
    let guarded = one_plus
        .abs()
        .below(1.5e-12)
        .select(t.constant(1.5e-12), one_plus);
    let j3_over_j2 = gravity.j3 / gravity.j2;
    let mean = Mean {
        mean_motion,
        axis,
        eccentricity,
        argument: new_argument,
        node: new_node,
        anomaly: new_anomaly,
        sine_inclination,
        cosine_inclination: cosine,
        long_period_longitude: sine_inclination * (3.0 + 5.0 * cosine) / guarded
            * (-0.25 * j3_over_j2),
        long_period_y: sine_inclination * (-0.5 * j3_over_j2),
        code,
    };
    short_period(gravity, &mean)
}

/// What Sun and Moon add at an instant.
struct Periodic<S: Simd> {
    eccentricity: Lanes<S>,
    inclination: Lanes<S>,
    longitude: Lanes<S>,
    argument: Lanes<S>,
    node: Lanes<S>,
}

impl<S: Simd> Periodic<S> {
    #[inline(always)]
    fn of(deep: &Deep<Lanes<S>>, t: Lanes<S>) -> Self {
        let (s, f2, f3) = body(deep.solar_anomaly, SUN, t);
        let (m, g2, g3) = body(deep.lunar_anomaly, MOON, t);
        Self {
            eccentricity: deep.se2 * f2 + deep.se3 * f3 + (deep.ee2 * g2 + deep.e3 * g3),
            inclination: deep.si2 * f2 + deep.si3 * f3 + (deep.xi2 * g2 + deep.xi3 * g3),
            longitude: deep.sl2 * f2
                + deep.sl3 * f3
                + deep.sl4 * s
                + (deep.xl2 * g2 + deep.xl3 * g3 + deep.xl4 * m),
            argument: deep.sgh2 * f2
                + deep.sgh3 * f3
                + deep.sgh4 * s
                + (deep.xgh2 * g2 + deep.xgh3 * g3 + deep.xgh4 * m),
            node: deep.sh2 * f2 + deep.sh3 * f3 + (deep.xh2 * g2 + deep.xh3 * g3),
        }
    }
}

/// Sine of a body's true anomaly (to first order in its eccentricity) and the two functions of it.
#[inline(always)]
fn body<S: Simd>(
    anomaly: Lanes<S>,
    (motion, eccentricity): (f64, f64),
    t: Lanes<S>,
) -> (Lanes<S>, Lanes<S>, Lanes<S>) {
    let mean = anomaly + t * motion;
    let (sine, _) = mean.sin_cos();
    let (sine, cosine) = (mean + sine * (2.0 * eccentricity)).sin_cos();
    (sine, sine * sine * 0.5 - 0.25, sine * cosine * -0.5)
}

struct Lyddane;

impl Lyddane {
    /// Node and argument after Lyddane's modification; `node` is a remainder with its sign.
    #[inline(always)]
    fn of<S: Simd>(
        periodic: &Periodic<S>,
        mode: Mode,
        sine: Lanes<S>,
        cosine: Lanes<S>,
        node: Lanes<S>,
        argument: Lanes<S>,
        anomaly: Lanes<S>,
    ) -> (Lanes<S>, Lanes<S>) {
        let zero = node.constant(0.0);
        let turn = node.constant(std::f64::consts::TAU);
        let positive = |angle: Lanes<S>| match mode {
            Mode::Improved => angle,
            Mode::AirForce => angle.less_than(zero).select(angle + turn, angle),
        };
        let (sine_node, cosine_node) = node.sin_cos();
        let alpha = sine * sine_node
            + (periodic.node * cosine_node + periodic.inclination * cosine * sine_node);
        let beta = sine * cosine_node
            + (periodic.inclination * cosine * cosine_node - periodic.node * sine_node);
        let node = positive(node);
        let sum = anomaly
            + argument
            + cosine * node
            + (periodic.longitude + periodic.argument - periodic.inclination * node * sine);
        let mut new_node = positive(alpha.atan2(beta));
        let far = node
            .constant(std::f64::consts::PI)
            .less_than((node - new_node).abs());
        let moved = new_node
            .less_than(node)
            .select(new_node + turn, new_node - turn);
        new_node = far.select(moved, new_node);
        let new_argument = sum - (anomaly + periodic.longitude) - cosine * new_node;
        (new_node, new_argument)
    }
}

/// Long-period and short-period terms, and the orbit they give.
#[inline(always)]
fn short_period<S: Simd>(gravity: &Gravity, mean: &Mean<S>) -> Motion<S> {
    let mut code = mean.code;
    let one = code.constant(1.0);
    let (sine_argument, cosine_argument) = mean.argument.sin_cos();
    let eccentricity = mean.eccentricity;
    let inverse = one / (mean.axis * (one - eccentricity * eccentricity));
    let x = eccentricity * cosine_argument;
    let y = eccentricity * sine_argument + inverse * mean.long_period_y;
    let longitude = mean.anomaly + mean.argument + inverse * mean.long_period_longitude * x;
    let u = longitude.wrap_turn();

    // Kepler's equation in (x, y) by Newton with the published limit of a step; at most 10 rounds.
    let mut e = u;
    let (mut sine, mut cosine) = e.sin_cos();
    let limit = one.constant(0.95);
    for round in 0..10 {
        let denominator = one - cosine * x - sine * y;
        let step = (u - y * cosine + x * sine - e) / denominator;
        let step = limit.less_than(step).select(limit, step);
        let step = step.less_than(-limit).select(-limit, step);
        e = e + step;
        // A step within π/4 turns the sine and cosine; a longer one needs them anew.
        if one.constant(0.7).less_than(step.abs()).any() {
            (sine, cosine) = e.sin_cos();
        } else {
            let (small_sine, small_cosine) = step.sin_cos_small();
            let turned = sine * small_cosine + cosine * small_sine;
            cosine = cosine * small_cosine - sine * small_sine;
            sine = turned;
        }
        // The published bound is 1e-12 on the step; a Newton step of 1e-7 leaves less than that.
        if round > 0 && !one.constant(1e-8).less_than(step.abs()).any() {
            break;
        }
    }

    let e_cosine = x * cosine + y * sine;
    let e_sine = x * sine - y * cosine;
    let e_square = x * x + y * y;
    let parameter = mean.axis * (one - e_square);
    code = flag(code, parameter.below(0.0), 4.0);
    let radius = mean.axis * (one - e_cosine);
    let inverse_radius = one / radius;
    let radial_rate = mean.axis.sqrt() * e_sine * inverse_radius;
    let transverse_rate = parameter.sqrt() * inverse_radius;
    let beta = (one - e_square).sqrt();
    let fraction = e_sine / (one + beta);
    let scale = mean.axis * inverse_radius;
    let sine_u = scale * (sine - y - x * fraction);
    let cosine_u = scale * (cosine - x + y * fraction);
    let sine_2u = (cosine_u + cosine_u) * sine_u;
    let cosine_2u = one - 2.0 * sine_u * sine_u;
    let inverse_parameter = one / parameter;
    let first = inverse_parameter * (0.5 * gravity.j2);
    let second = first * inverse_parameter;

    let cosine_i = mean.cosine_inclination;
    let cosine_square = cosine_i * cosine_i;
    let three_less_one = 3.0 * cosine_square - 1.0;
    let one_less = one - cosine_square;
    let seven_less_one = 7.0 * cosine_square - 1.0;

    let distance =
        radius * (one - 1.5 * second * beta * three_less_one) + 0.5 * first * one_less * cosine_2u;
    let u_shift = -0.25 * second * seven_less_one * sine_2u;
    let node = mean.node + 1.5 * second * cosine_i * sine_2u;
    let inclination_shift = 1.5 * second * cosine_i * mean.sine_inclination * cosine_2u;
    let rate = mean.mean_motion * first * (1.0 / gravity.root_parameter);
    let radial_rate = radial_rate - rate * one_less * sine_2u;
    let transverse_rate = transverse_rate + rate * (one_less * cosine_2u + 1.5 * three_less_one);

    // u and i are moved by small angles: turn their sines and cosines instead of finding the angles.
    let (turn_sine, turn_cosine) = small_turn(u_shift);
    let sine_u_moved = sine_u * turn_cosine + cosine_u * turn_sine;
    let cosine_u_moved = cosine_u * turn_cosine - sine_u * turn_sine;
    let (turn_sine, turn_cosine) = small_turn(inclination_shift);
    let sine_i = mean.sine_inclination * turn_cosine + cosine_i * turn_sine;
    let cosine_i = cosine_i * turn_cosine - mean.sine_inclination * turn_sine;
    let (sine_node, cosine_node) = node.sin_cos();

    let across_x = -(sine_node * cosine_i);
    let across_y = cosine_node * cosine_i;
    let up = [
        across_x * sine_u_moved + cosine_node * cosine_u_moved,
        across_y * sine_u_moved + sine_node * cosine_u_moved,
        sine_i * sine_u_moved,
    ];
    let along = [
        across_x * cosine_u_moved - cosine_node * sine_u_moved,
        across_y * cosine_u_moved - sine_node * sine_u_moved,
        sine_i * cosine_u_moved,
    ];
    code = flag(code, distance.below(1.0), 6.0);
    // Whatever is not a number fails this comparison.
    let finite =
        (distance.abs() + radial_rate.abs() + transverse_rate.abs() + along[2].abs()).below(1e6);
    code = flag(code, not(finite, one), 7.0);
    let speed = gravity.speed_unit();
    let distance = distance * gravity.radius;
    let (radial_rate, transverse_rate) = (radial_rate * speed, transverse_rate * speed);
    Motion {
        position: up.map(|axis| distance * axis),
        velocity: [
            radial_rate * up[0] + transverse_rate * along[0],
            radial_rate * up[1] + transverse_rate * along[1],
            radial_rate * up[2] + transverse_rate * along[2],
        ],
        code,
    }
}

#[inline(always)]
fn not<S: Simd>(mask: Mask<S>, one: Lanes<S>) -> Mask<S> {
    mask.select(one.constant(0.0), one).at_least(0.5)
}

/// Sine and cosine of a small angle. A grazing orbit (parameter far below one Earth radius) can make it
/// large; then in full.
#[inline(always)]
fn small_turn<S: Simd>(angle: Lanes<S>) -> (Lanes<S>, Lanes<S>) {
    if angle.constant(0.05).less_than(angle.abs()).any() {
        return angle.sin_cos();
    }
    // Next terms: x⁹/9! and x⁸/8!, below 1e-15 at 0.05.
    let square = angle * angle;
    let sine =
        angle * (1.0 - square * (1.0 / 6.0 - square * (1.0 / 120.0 - square * (1.0 / 5040.0))));
    let cosine = 1.0 - square * (0.5 - square * (1.0 / 24.0 - square * (1.0 / 720.0)));
    (sine, cosine)
}
