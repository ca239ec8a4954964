//! Every object in the middle of a step, and what it may do within it.

use pulp::{Simd, WithSimd};

use crate::propagate::Gravity;
use crate::screen::bounds::{Motion, PATH_FACTOR, ROUNDING};
use crate::screen::cells::direction;
use crate::screen::track::{LANES, NODE_SECONDS, Tracks};

/// Single-precision values of several objects side by side.
pub(super) type Row = [f32; LANES];

/// What the sweep compares: half the memory of doubles, and twice as many at once. What single precision loses
/// (0.3 m at 7000 km) is in the error of each object.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(32))]
pub(super) struct Swept {
    pub(super) position: [Row; 3],
    pub(super) velocity: [Row; 3],
    /// Each one's path within half a step, and half of what else the distance of a pair may be in the middle.
    pub(super) path: Row,
    /// Range of the radius within the step, widened by half the threshold and by the error.
    pub(super) low: Row,
    pub(super) high: Row,
}

/// Objects of neighbouring places in the middle of a step.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Middle {
    pub(super) swept: Swept,
    pub(super) latitude: Row,
    pub(super) longitude: Row,
    /// Angle moved through within half a step.
    pub(super) angle: Row,
    pub(super) gradient: Row,
    pub(super) error: Row,
}

/// What is the same for all objects of a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step<'a> {
    pub(super) gravity: &'a Gravity,
    pub(super) half_step: f64,
    pub(super) threshold: f64,
    /// Half of threshold, rounding and the largest tide, km.
    pub(super) half_reach: f64,
}

/// Fills middles from the tracks.
pub(super) struct Evaluate<'a> {
    pub(super) step: Step<'a>,
    pub(super) tracks: &'a Tracks,
    /// How far each track may be off, km.
    pub(super) errors: &'a [f64],
    /// Seconds after the node.
    pub(super) middle: f64,
    pub(super) middles: &'a mut [Middle],
}

impl WithSimd for Evaluate<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let s = self.middle / NODE_SECONDS;
        let errors = self.errors.as_chunks::<LANES>().0;
        let inputs = self.tracks.blocks().iter().zip(errors);
        for ((block, errors), into) in inputs.zip(self.middles) {
            let mut position = [[0.0; LANES]; 3];
            let mut velocity = [[0.0; LANES]; 3];
            for axis in 0..3 {
                let c = &block[axis];
                for lane in 0..LANES {
                    let high = c[4][lane] + s * c[5][lane];
                    position[axis][lane] = c[0][lane]
                        + s * (c[1][lane] + s * (c[2][lane] + s * (c[3][lane] + s * high)));
                    let high = 4.0 * c[4][lane] + s * 5.0 * c[5][lane];
                    velocity[axis][lane] = (c[1][lane]
                        + s * (2.0 * c[2][lane] + s * (3.0 * c[3][lane] + s * high)))
                        * (1.0 / NODE_SECONDS);
                }
            }
            *into = self
                .step
                .middle(position.map(single), velocity.map(single), single(*errors));
        }
    }
}

#[inline(always)]
fn single(row: [f64; LANES]) -> Row {
    row.map(|value| value as f32)
}

impl Step<'_> {
    /// Loops over lanes that write to arrays of their own: so the vector units are filled.
    #[inline(always)]
    fn middle(self, position: [Row; 3], velocity: [Row; 3], errors: Row) -> Middle {
        let ([x, y, z], [vx, vy, vz]) = (position, velocity);
        let half_step = self.half_step as f32;
        let mut motions = [[0.0; LANES]; 3];
        let mut radius = [0.0; LANES];
        let mut speed = [0.0; LANES];
        for lane in 0..LANES {
            let square = x[lane] * x[lane] + y[lane] * y[lane] + z[lane] * z[lane];
            let product = x[lane] * vx[lane] + y[lane] * vy[lane] + z[lane] * vz[lane];
            let speed2 = vx[lane] * vx[lane] + vy[lane] * vy[lane] + vz[lane] * vz[lane];
            let momentum2 = square * speed2 - product * product;
            let momentum2 = if momentum2 > 0.0 { momentum2 } else { 0.0 };
            radius[lane] = square.sqrt();
            speed[lane] = speed2.sqrt();
            let rate = product / radius[lane];
            let motion = Motion::bound(self.gravity, radius[lane], rate, momentum2, half_step);
            motions[0][lane] = motion.radial;
            motions[1][lane] = motion.angle;
            motions[2][lane] = motion.gradient;
        }
        let [radial, angle, gradient] = motions;
        let half_threshold = (0.5 * self.threshold + ROUNDING) as f32;
        let half_reach = self.half_reach as f32;
        let mut error = [0.0; LANES];
        let (mut low, mut high, mut path) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        for lane in 0..LANES {
            // What single precision loses: a ten-millionth of each axis, and of the velocity's path.
            error[lane] = (errors[lane] + 4e-7 * (radius[lane] + radial[lane])) * 1.000_001;
            let errors = PATH_FACTOR as f32 * error[lane];
            // A single-precision radius is off by up to 2e-7 of it.
            let room = radial[lane] + half_threshold + errors + 4e-7 * radius[lane];
            low[lane] = radius[lane] - room;
            high[lane] = radius[lane] + room;
            path[lane] = (speed[lane] * half_step + half_reach + errors) * 1.000_002;
        }
        let (mut latitude, mut longitude) = ([0.0; LANES], [0.0; LANES]);
        for lane in 0..LANES {
            (latitude[lane], longitude[lane]) = direction(x[lane], y[lane], z[lane]);
        }
        let swept = Swept {
            position,
            velocity,
            path,
            low,
            high,
        };
        Middle {
            swept,
            latitude,
            longitude,
            angle,
            gradient,
            error,
        }
    }
}
