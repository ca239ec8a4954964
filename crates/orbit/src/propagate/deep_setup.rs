//! Set-up for periods of 225 minutes or more: Sun, Moon, and resonance with the Earth's rotation.
//!
//! The letters of the long expressions are those of AIAA 2006-6753 and Spacetrack Report 3.

use std::f64::consts::TAU;

use super::gravity::Gravity;
use super::kernel::EARTH_RATE;
use super::setup::{Epoch, nearly_equatorial};
use super::terms::{Deep, Segment};

const SUN_MOTION: f64 = 1.194_59e-5;
const SUN_ECCENTRICITY: f64 = 0.016_75;
const MOON_MOTION: f64 = 1.583_521_8e-4;
const MOON_ECCENTRICITY: f64 = 0.054_90;
const C1_SUN: f64 = 2.986_479_7e-6;
const C1_MOON: f64 = 4.796_806_5e-7;
/// The integrator's step, minutes.
const STEP: f64 = 720.0;

/// How an object's motion resonates with the Earth's rotation, with the coefficients of the integrator.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Resonance {
    None,
    Synchronous {
        del: [f64; 3],
        start: Start,
    },
    HalfDay {
        /// d2201, d2211, d3210, d3222, d4410, d4422, d5220, d5232, d5421, d5433.
        d: [f64; 10],
        argument: f64,
        argument_dot: f64,
        start: Start,
    },
}

/// Where the integrator begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    longitude: f64,
    mean_motion: f64,
    /// What the longitude gains beyond the mean motion.
    factor: f64,
}

/// The third body's attraction, expanded in the object's elements.
struct Body {
    s: [f64; 8],
    z1: f64,
    z2: f64,
    z3: f64,
    z11: f64,
    z12: f64,
    z13: f64,
    z21: f64,
    z22: f64,
    z23: f64,
    z31: f64,
    z32: f64,
    z33: f64,
}

/// Orientation of a third body's orbit: argument, inclination and node as cosine and sine.
struct Orientation {
    argument: (f64, f64),
    inclination: (f64, f64),
    node: (f64, f64),
}

impl Body {
    fn expand(epoch: &Epoch, orientation: &Orientation, strength: f64) -> Self {
        let (zcosg, zsing) = orientation.argument;
        let (zcosi, zsini) = orientation.inclination;
        let (zcosh, zsinh) = orientation.node;
        let (sini, cosi) = epoch.inclination.sin_cos();
        let (sino, coso) = epoch.argument.sin_cos();
        let e2 = epoch.eccentricity * epoch.eccentricity;
        let beta2 = 1.0 - e2;
        let beta = beta2.sqrt();
        let a1 = zcosg * zcosh + zsing * zcosi * zsinh;
        let a3 = -zsing * zcosh + zcosg * zcosi * zsinh;
        let a7 = -zcosg * zsinh + zsing * zcosi * zcosh;
        let a8 = zsing * zsini;
        let a9 = zsing * zsinh + zcosg * zcosi * zcosh;
        let a10 = zcosg * zsini;
        let a2 = cosi * a7 + sini * a8;
        let a4 = cosi * a9 + sini * a10;
        let a5 = -sini * a7 + cosi * a8;
        let a6 = -sini * a9 + cosi * a10;
        let x1 = a1 * coso + a2 * sino;
        let x2 = a3 * coso + a4 * sino;
        let x3 = -a1 * sino + a2 * coso;
        let x4 = -a3 * sino + a4 * coso;
        let x5 = a5 * sino;
        let x6 = a6 * sino;
        let x7 = a5 * coso;
        let x8 = a6 * coso;
        let z31 = 12.0 * x1 * x1 - 3.0 * x3 * x3;
        let z32 = 24.0 * x1 * x2 - 6.0 * x3 * x4;
        let z33 = 12.0 * x2 * x2 - 3.0 * x4 * x4;
        let z1 = 3.0 * (a1 * a1 + a2 * a2) + z31 * e2;
        let z2 = 6.0 * (a1 * a3 + a2 * a4) + z32 * e2;
        let z3 = 3.0 * (a3 * a3 + a4 * a4) + z33 * e2;
        let s3 = strength / epoch.mean_motion;
        let s2 = -0.5 * s3 / beta;
        let s4 = s3 * beta;
        let s1 = -15.0 * epoch.eccentricity * s4;
        Self {
            // Counted from 1 as in the source; the first place stays empty.
            s: [
                0.0,
                s1,
                s2,
                s3,
                s4,
                x1 * x3 + x2 * x4,
                x2 * x3 + x1 * x4,
                x2 * x4 - x1 * x3,
            ],
            z1: z1 + z1 + beta2 * z31,
            z2: z2 + z2 + beta2 * z32,
            z3: z3 + z3 + beta2 * z33,
            z11: -6.0 * a1 * a5 + e2 * (-24.0 * x1 * x7 - 6.0 * x3 * x5),
            z12: -6.0 * (a1 * a6 + a3 * a5)
                + e2 * (-24.0 * (x2 * x7 + x1 * x8) - 6.0 * (x3 * x6 + x4 * x5)),
            z13: -6.0 * a3 * a6 + e2 * (-24.0 * x2 * x8 - 6.0 * x4 * x6),
            z21: 6.0 * a2 * a5 + e2 * (24.0 * x1 * x5 - 6.0 * x3 * x7),
            z22: 6.0 * (a4 * a5 + a2 * a6)
                + e2 * (24.0 * (x2 * x5 + x1 * x6) - 6.0 * (x4 * x7 + x3 * x8)),
            z23: 6.0 * a4 * a6 + e2 * (24.0 * x2 * x6 - 6.0 * x4 * x8),
            z31,
            z32,
            z33,
        }
    }

    /// Secular rates (eccentricity, inclination, anomaly, argument without node part, node × sin i).
    fn secular(&self, epoch: &Epoch, motion: f64) -> [f64; 5] {
        let [_, s1, s2, s3, s4, s5, ..] = self.s;
        let e2 = epoch.eccentricity * epoch.eccentricity;
        let node = if nearly_equatorial(epoch.inclination) {
            0.0
        } else {
            -motion * s2 * (self.z21 + self.z23)
        };
        [
            s1 * motion * s5,
            s2 * motion * (self.z11 + self.z13),
            -motion * s3 * (self.z1 + self.z3 - 14.0 - 6.0 * e2),
            s4 * motion * (self.z31 + self.z33 - 6.0),
            node,
        ]
    }
}

/// Terms of Sun and Moon, and the resonance.
pub(crate) fn prepare(epoch: &Epoch, gravity: &Gravity) -> (Deep<f64>, Resonance) {
    let (sine_node, cosine_node) = epoch.node.sin_cos();
    let day = epoch.day + 18_261.5;
    let moon_node = (4.523_602_0 - 9.242_202_9e-4 * day) % TAU;
    let (moon_sine, moon_cosine) = moon_node.sin_cos();
    let cosine_i = 0.913_751_64 - 0.035_680_96 * moon_cosine;
    let sine_i = (1.0 - cosine_i * cosine_i).sqrt();
    let sine_h = 0.089_683_511 * moon_sine / sine_i;
    let cosine_h = (1.0 - sine_h * sine_h).sqrt();
    let gamma = 5.835_151_4 + 0.001_944_368_0 * day;
    let longitude = (0.397_854_16 * moon_sine / sine_i)
        .atan2(cosine_h * moon_cosine + 0.917_448_67 * sine_h * moon_sine)
        + gamma
        - moon_node;
    let sun = Body::expand(
        epoch,
        &Orientation {
            argument: (0.194_590_5, -0.980_884_58),
            inclination: (0.917_448_67, 0.397_854_16),
            node: (cosine_node, sine_node),
        },
        C1_SUN,
    );
    let moon = Body::expand(
        epoch,
        &Orientation {
            argument: (longitude.cos(), longitude.sin()),
            inclination: (cosine_i, sine_i),
            node: (
                cosine_h * cosine_node + sine_h * sine_node,
                sine_node * cosine_h - cosine_node * sine_h,
            ),
        },
        C1_MOON,
    );

    let e2 = epoch.eccentricity * epoch.eccentricity;
    let (sine, cosine) = epoch.inclination.sin_cos();
    let by_sun = sun.secular(epoch, SUN_MOTION);
    let by_moon = moon.secular(epoch, MOON_MOTION);
    let [sun_node, moon_node_rate] =
        [by_sun[4], by_moon[4]].map(|rate| if sine == 0.0 { rate } else { rate / sine });
    let argument_of = |rates: [f64; 5], node: f64| {
        if sine == 0.0 {
            rates[3]
        } else {
            rates[3] - cosine * node
        }
    };
    let mut deep = Deep {
        eccentricity_dot: by_sun[0] + by_moon[0],
        inclination_dot: by_sun[1] + by_moon[1],
        mean_anomaly_dot: by_sun[2] + by_moon[2],
        argument_dot: argument_of(by_sun, sun_node) + argument_of(by_moon, moon_node_rate),
        node_dot: if sine == 0.0 {
            sun_node
        } else {
            sun_node + moon_node_rate
        },
        solar_anomaly: (6.256_583_7 + 0.017_201_977 * day) % TAU,
        lunar_anomaly: (4.719_967_2 + 0.229_971_50 * day - gamma) % TAU,
        sidereal: epoch.sidereal,
        ..Deep::default()
    };
    let s = &sun.s;
    (deep.se2, deep.se3) = (2.0 * s[1] * s[6], 2.0 * s[1] * s[7]);
    (deep.si2, deep.si3) = (2.0 * s[2] * sun.z12, 2.0 * s[2] * (sun.z13 - sun.z11));
    (deep.sl2, deep.sl3) = (-2.0 * s[3] * sun.z2, -2.0 * s[3] * (sun.z3 - sun.z1));
    deep.sl4 = -2.0 * s[3] * (-21.0 - 9.0 * e2) * SUN_ECCENTRICITY;
    (deep.sgh2, deep.sgh3) = (2.0 * s[4] * sun.z32, 2.0 * s[4] * (sun.z33 - sun.z31));
    deep.sgh4 = -18.0 * s[4] * SUN_ECCENTRICITY;
    (deep.sh2, deep.sh3) = (-2.0 * s[2] * sun.z22, -2.0 * s[2] * (sun.z23 - sun.z21));
    let s = &moon.s;
    (deep.ee2, deep.e3) = (2.0 * s[1] * s[6], 2.0 * s[1] * s[7]);
    (deep.xi2, deep.xi3) = (2.0 * s[2] * moon.z12, 2.0 * s[2] * (moon.z13 - moon.z11));
    (deep.xl2, deep.xl3) = (-2.0 * s[3] * moon.z2, -2.0 * s[3] * (moon.z3 - moon.z1));
    deep.xl4 = -2.0 * s[3] * (-21.0 - 9.0 * e2) * MOON_ECCENTRICITY;
    (deep.xgh2, deep.xgh3) = (2.0 * s[4] * moon.z32, 2.0 * s[4] * (moon.z33 - moon.z31));
    deep.xgh4 = -18.0 * s[4] * MOON_ECCENTRICITY;
    (deep.xh2, deep.xh3) = (-2.0 * s[2] * moon.z22, -2.0 * s[2] * (moon.z23 - moon.z21));

    let resonance = resonance(epoch, gravity, &deep);
    deep.resonance = match resonance {
        Resonance::None => 0.0,
        Resonance::Synchronous { .. } => 1.0,
        Resonance::HalfDay { .. } => 2.0,
    };
    (deep, resonance)
}

fn resonance(epoch: &Epoch, gravity: &Gravity, deep: &Deep<f64>) -> Resonance {
    const Q22: f64 = 1.789_167_9e-6;
    const Q31: f64 = 2.146_074_8e-6;
    const Q33: f64 = 2.212_301_5e-7;
    let n = epoch.mean_motion;
    let e = epoch.eccentricity;
    let e2 = e * e;
    let (sini, cosi) = epoch.inclination.sin_cos();
    let inverse_axis = (n / gravity.root_parameter).powf(2.0 / 3.0);
    let theta = epoch.sidereal % TAU;
    if n > 0.003_490_658_5 && n < 0.005_235_987_7 {
        let g200 = 1.0 + e2 * (-2.5 + 0.8125 * e2);
        let g310 = 1.0 + 2.0 * e2;
        let g300 = 1.0 + e2 * (-6.0 + 6.60937 * e2);
        let f220 = 0.75 * (1.0 + cosi) * (1.0 + cosi);
        let f311 = 0.9375 * sini * sini * (1.0 + 3.0 * cosi) - 0.75 * (1.0 + cosi);
        let f330 = 1.875 * (1.0 + cosi).powi(3);
        let base = 3.0 * n * n * inverse_axis * inverse_axis;
        let del = [
            base * f311 * g310 * Q31 * inverse_axis,
            2.0 * base * f220 * g200 * Q22,
            3.0 * base * f330 * g300 * Q33 * inverse_axis,
        ];
        let start = Start {
            longitude: (epoch.mean_anomaly + epoch.node + epoch.argument - theta) % TAU,
            mean_motion: n,
            factor: epoch.mean_anomaly_dot + (epoch.argument_dot + epoch.node_dot) - EARTH_RATE
                + deep.mean_anomaly_dot
                + deep.argument_dot
                + deep.node_dot
                - n,
        };
        return Resonance::Synchronous { del, start };
    }
    if !((8.26e-3..=9.24e-3).contains(&n) && e >= 0.5) {
        return Resonance::None;
    }
    let start = Start {
        longitude: (epoch.mean_anomaly + 2.0 * epoch.node - 2.0 * theta) % TAU,
        mean_motion: n,
        factor: epoch.mean_anomaly_dot
            + deep.mean_anomaly_dot
            + 2.0 * (epoch.node_dot + deep.node_dot - EARTH_RATE)
            - n,
    };
    let d = half_day_coefficients(e, sini, cosi, n, inverse_axis);
    Resonance::HalfDay {
        d,
        argument: epoch.argument,
        argument_dot: epoch.argument_dot,
        start,
    }
}

fn half_day_coefficients(e: f64, sini: f64, cosi: f64, n: f64, inverse_axis: f64) -> [f64; 10] {
    const ROOT22: f64 = 1.789_167_9e-6;
    const ROOT32: f64 = 3.739_379_2e-7;
    const ROOT44: f64 = 7.363_695_3e-9;
    const ROOT52: f64 = 1.142_863_9e-7;
    const ROOT54: f64 = 2.176_580_3e-9;
    let cubic = |c: [f64; 4]| c[0] + e * (c[1] + e * (c[2] + e * c[3]));
    let g201 = -0.306 - (e - 0.64) * 0.440;
    let [g211, g310, g322, g410, g422, g520];
    if e <= 0.65 {
        g211 = cubic([3.616, -13.2470, 16.2900, 0.0]);
        g310 = cubic([-19.302, 117.3900, -228.4190, 156.5910]);
        g322 = cubic([-18.9068, 109.7927, -214.6334, 146.5816]);
        g410 = cubic([-41.122, 242.6940, -471.0940, 313.9530]);
        g422 = cubic([-146.407, 841.8800, -1629.014, 1083.4350]);
        g520 = cubic([-532.114, 3017.977, -5740.032, 3708.2760]);
    } else {
        g211 = cubic([-72.099, 331.819, -508.738, 266.724]);
        g310 = cubic([-346.844, 1582.851, -2415.925, 1246.113]);
        g322 = cubic([-342.585, 1554.908, -2366.899, 1215.972]);
        g410 = cubic([-1052.797, 4758.686, -7193.992, 3651.957]);
        g422 = cubic([-3581.690, 16178.110, -24462.770, 12422.520]);
        g520 = if e > 0.715 {
            cubic([-5149.66, 29936.92, -54087.36, 31324.56])
        } else {
            cubic([1464.74, -4664.75, 3763.64, 0.0])
        };
    }
    let [g533, g521, g532];
    if e < 0.7 {
        g533 = cubic([-919.22770, 4988.6100, -9064.7700, 5542.21]);
        g521 = cubic([-822.71072, 4568.6173, -8491.4146, 5337.524]);
        g532 = cubic([-853.66600, 4690.2500, -8624.7700, 5341.4]);
    } else {
        g533 = cubic([-37995.780, 161616.52, -229838.20, 109377.94]);
        g521 = cubic([-51752.104, 218913.95, -309468.16, 146349.42]);
        g532 = cubic([-40023.880, 170470.89, -242699.48, 115605.82]);
    }
    let sini2 = sini * sini;
    let cosi2 = cosi * cosi;
    let f220 = 0.75 * (1.0 + 2.0 * cosi + cosi2);
    let f221 = 1.5 * sini2;
    let f321 = 1.875 * sini * (1.0 - 2.0 * cosi - 3.0 * cosi2);
    let f322 = -1.875 * sini * (1.0 + 2.0 * cosi - 3.0 * cosi2);
    let f441 = 35.0 * sini2 * f220;
    let f442 = 39.3750 * sini2 * sini2;
    let f522 = 9.84375
        * sini
        * (sini2 * (1.0 - 2.0 * cosi - 5.0 * cosi2)
            + 0.333_333_33 * (-2.0 + 4.0 * cosi + 6.0 * cosi2));
    let f523 = sini
        * (4.921_875_12 * sini2 * (-2.0 - 4.0 * cosi + 10.0 * cosi2)
            + 6.562_500_12 * (1.0 + 2.0 * cosi - 3.0 * cosi2));
    let f542 = 29.53125 * sini * (2.0 - 8.0 * cosi + cosi2 * (-12.0 + 8.0 * cosi + 10.0 * cosi2));
    let f543 = 29.53125 * sini * (-2.0 - 8.0 * cosi + cosi2 * (12.0 + 8.0 * cosi - 10.0 * cosi2));
    let k2 = 3.0 * n * n * inverse_axis * inverse_axis;
    let k3 = k2 * inverse_axis;
    let k4 = k3 * inverse_axis;
    let k5 = k4 * inverse_axis;
    [
        k2 * ROOT22 * f220 * g201,
        k2 * ROOT22 * f221 * g211,
        k3 * ROOT32 * f321 * g310,
        k3 * ROOT32 * f322 * g322,
        2.0 * k4 * ROOT44 * f441 * g410,
        2.0 * k4 * ROOT44 * f442 * g422,
        k5 * ROOT52 * f522 * g520,
        k5 * ROOT52 * f523 * g532,
        2.0 * k5 * ROOT54 * f542 * g521,
        2.0 * k5 * ROOT54 * f543 * g533,
    ]
}

impl Resonance {
    /// The step of the integrator that `t` (minutes after epoch) lies in. It is found from the epoch, or
    /// from `known`, a step of the same object found before, where that lies on the way.
    pub(crate) fn segment(&self, t: f64, known: Option<&Segment<f64>>) -> Segment<f64> {
        let start = match self {
            Self::None => return Segment::default(),
            Self::Synchronous { start, .. } | Self::HalfDay { start, .. } => start,
        };
        let from_epoch = Segment {
            start: 0.0,
            mean_motion: start.mean_motion,
            longitude: start.longitude,
            ..Segment::default()
        };
        let target = (t / STEP).trunc();
        // A bound for a time that would take for ever: 200 years of steps.
        let target = if target.is_finite() {
            target.clamp(-146_000.0, 146_000.0)
        } else {
            0.0
        };
        let mut segment = match known {
            Some(known) if known.start * t >= 0.0 && known.start.abs() <= (target * STEP).abs() => {
                *known
            }
            _ => self.with_rates(from_epoch, start.factor),
        };
        let mut steps = (target - segment.start / STEP).round();
        let direction = steps.signum() * STEP;
        let half_square = STEP * STEP / 2.0;
        while steps != 0.0 {
            let next = Segment {
                start: segment.start + direction,
                mean_motion: segment.mean_motion
                    + segment.mean_motion_dot * direction
                    + segment.mean_motion_ddot * half_square,
                longitude: segment.longitude
                    + segment.longitude_dot * direction
                    + segment.mean_motion_dot * half_square,
                ..segment
            };
            segment = self.with_rates(next, start.factor);
            steps -= steps.signum();
        }
        segment
    }

    /// Whether a step still holds for `t`.
    pub(crate) fn holds(segment: &Segment<f64>, t: f64) -> bool {
        (t / STEP).trunc() * STEP == segment.start
    }

    fn with_rates(&self, segment: Segment<f64>, factor: f64) -> Segment<f64> {
        const FASX2: f64 = 0.131_309_08;
        const FASX4: f64 = 2.884_319_8;
        const FASX6: f64 = 0.374_480_87;
        const G22: f64 = 5.768_639_6;
        const G32: f64 = 0.952_408_98;
        const G44: f64 = 1.801_499_8;
        const G52: f64 = 1.050_833_0;
        const G54: f64 = 4.410_889_8;
        let longitude = segment.longitude;
        let longitude_dot = segment.mean_motion + factor;
        let (mut dot, mut ddot) = (0.0, 0.0);
        match self {
            Self::None => {}
            Self::Synchronous { del, .. } => {
                let terms = [(1.0, FASX2), (2.0, FASX4), (3.0, FASX6)];
                for (coefficient, (multiple, phase)) in del.iter().zip(terms) {
                    let (sine, cosine) = (multiple * (longitude - phase)).sin_cos();
                    dot += coefficient * sine;
                    ddot += multiple * coefficient * cosine;
                }
            }
            Self::HalfDay {
                d,
                argument,
                argument_dot,
                ..
            } => {
                let omega = argument + argument_dot * segment.start;
                // Multiples of argument and longitude, and the phase, of each coefficient.
                let terms = [
                    (2.0, 1.0, G22),
                    (0.0, 1.0, G22),
                    (1.0, 1.0, G32),
                    (-1.0, 1.0, G32),
                    (2.0, 2.0, G44),
                    (0.0, 2.0, G44),
                    (1.0, 1.0, G52),
                    (-1.0, 1.0, G52),
                    (1.0, 2.0, G54),
                    (-1.0, 2.0, G54),
                ];
                for (coefficient, (p, q, phase)) in d.iter().zip(terms) {
                    let (sine, cosine) = (p * omega + q * longitude - phase).sin_cos();
                    dot += coefficient * sine;
                    ddot += q * coefficient * cosine;
                }
            }
        }
        Segment {
            mean_motion_dot: dot,
            longitude_dot,
            mean_motion_ddot: ddot * longitude_dot,
            ..segment
        }
    }
}
