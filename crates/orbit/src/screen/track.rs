//! Tracks: quintic polynomials between propagated nodes.
//!
//! SGP4 is evaluated every [`NODE_SECONDS`]; between two nodes each object follows the quintic that has
//! its position, velocity and acceleration at both. The acceleration is that of the Earth's centre and
//! its J2; what SGP4 adds to it (higher harmonics, drag, Sun and Moon) is below 1e-7 km/s², which
//! moves the quintic by less than a metre.

use pulp::{Arch, Simd, WithSimd};

use crate::elements::ElementSet;
use crate::propagate::{Fleet, Gravity, Grid};

/// Seconds between two propagated nodes.
pub(crate) const NODE_SECONDS: f64 = 300.0;
/// How many objects stand side by side in a block of a [`Grid`].
pub(crate) const LANES: usize = 8;
/// Coefficients of one axis.
const ORDER: usize = 6;

type Row = [f64; LANES];

/// Coefficients of a block of objects: for each axis six rows, in s = time since node / step.
type Block = [[Row; ORDER]; 3];

/// All objects' quintics between two nodes.
#[derive(Default)]
pub(crate) struct Tracks {
    blocks: Vec<Block>,
    /// Whether both nodes could be propagated.
    valid: Vec<bool>,
}

/// One object's quintic.
#[derive(Clone, Copy)]
pub(crate) struct Track {
    coefficients: [[f64; ORDER]; 3],
}

impl Tracks {
    /// The tracks between node `node` and the next of a grid.
    pub(crate) fn fill(&mut self, fleet: &Fleet, grid: &Grid, node: usize, gravity: &Gravity) {
        let places = fleet.objects().len();
        self.blocks
            .resize(places / LANES, [[[0.0; LANES]; ORDER]; 3]);
        self.valid.clear();
        self.valid.extend((0..places).map(|place| {
            let sound = |time| grid.code(place, time) == Some(0);
            sound(node)
                && sound(node + 1)
                && fleet.objects().get(place).is_some_and(Option::is_some)
        }));
        Arch::new().dispatch(Fill {
            blocks: &mut self.blocks,
            grid,
            node,
            gravity,
        });
    }

    pub(crate) fn len(&self) -> usize {
        self.valid.len()
    }

    /// Leaves a place out.
    pub(crate) fn leave_out(&mut self, place: usize) {
        if let Some(valid) = self.valid.get_mut(place) {
            *valid = false;
        }
    }

    pub(crate) fn is_valid(&self, place: usize) -> bool {
        self.valid.get(place).copied().unwrap_or(false)
    }

    pub(crate) fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The track of a place; one that stays at the origin where there is none.
    pub(crate) fn track(&self, place: usize) -> Track {
        let mut coefficients = [[0.0; ORDER]; 3];
        if let Some(block) = self.blocks.get(place / LANES) {
            for (axis, rows) in coefficients.iter_mut().zip(block) {
                for (coefficient, row) in axis.iter_mut().zip(rows) {
                    *coefficient = row[place % LANES];
                }
            }
        }
        Track { coefficients }
    }
}

struct Fill<'a> {
    blocks: &'a mut [Block],
    grid: &'a Grid,
    node: usize,
    gravity: &'a Gravity,
}

impl WithSimd for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        for (index, block) in self.blocks.iter_mut().enumerate() {
            let (Some(first), Some(second)) = (
                self.grid.rows(index, self.node),
                self.grid.rows(index, self.node + 1),
            ) else {
                continue;
            };
            let (p0, v0, a0) = node(first, self.gravity);
            let (p1, v1, a1) = node(second, self.gravity);
            for axis in 0..3 {
                for lane in 0..LANES {
                    let (p0, p1) = (p0[axis][lane], p1[axis][lane]);
                    let (v0, v1) = (v0[axis][lane] * NODE_SECONDS, v1[axis][lane] * NODE_SECONDS);
                    let square = NODE_SECONDS * NODE_SECONDS;
                    let (a0, a1) = (a0[axis][lane] * square, a1[axis][lane] * square);
                    let gap = p1 - p0;
                    block[axis][0][lane] = p0;
                    block[axis][1][lane] = v0;
                    block[axis][2][lane] = 0.5 * a0;
                    block[axis][3][lane] = 10.0 * gap - 6.0 * v0 - 4.0 * v1 - 1.5 * a0 + 0.5 * a1;
                    block[axis][4][lane] = -15.0 * gap + 8.0 * v0 + 7.0 * v1 + 1.5 * a0 - a1;
                    block[axis][5][lane] = 6.0 * gap - 3.0 * (v0 + v1) - 0.5 * (a0 - a1);
                }
            }
        }
    }
}

/// Position, velocity and acceleration (centre and J2) of a block at a node.
#[inline(always)]
fn node(rows: &[f64], gravity: &Gravity) -> ([Row; 3], [Row; 3], [Row; 3]) {
    let mut values = [[0.0; LANES]; 6];
    for (row, source) in values.iter_mut().zip(rows.chunks_exact(LANES)) {
        row.copy_from_slice(source);
    }
    let [x, y, z, vx, vy, vz] = values;
    let mut acceleration = [[0.0; LANES]; 3];
    let oblateness = 1.5 * gravity.j2 * gravity.radius * gravity.radius;
    for lane in 0..LANES {
        let square = x[lane] * x[lane] + y[lane] * y[lane] + z[lane] * z[lane];
        let inverse = 1.0 / square;
        let pull = -gravity.parameter * inverse * inverse.sqrt();
        let j2 = oblateness * inverse;
        let height = 5.0 * z[lane] * z[lane] * inverse;
        acceleration[0][lane] = pull * x[lane] * (1.0 + j2 * (1.0 - height));
        acceleration[1][lane] = pull * y[lane] * (1.0 + j2 * (1.0 - height));
        acceleration[2][lane] = pull * z[lane] * (1.0 + j2 * (3.0 - height));
    }
    ([x, y, z], [vx, vy, vz], acceleration)
}

impl Track {
    /// A track of given coefficients.
    #[cfg(test)]
    pub(crate) fn from_coefficients(coefficients: [[f64; ORDER]; 3]) -> Self {
        Self { coefficients }
    }

    /// The track that leads from `other` to this one: where this object is, seen from there.
    pub(crate) fn relative_to(&self, other: &Self) -> Self {
        let mut coefficients = self.coefficients;
        for (axis, others) in coefficients.iter_mut().zip(other.coefficients) {
            for (coefficient, other) in axis.iter_mut().zip(others) {
                *coefficient -= other;
            }
        }
        Self { coefficients }
    }

    /// Position (km) `seconds` after the node.
    pub(crate) fn position(&self, seconds: f64) -> [f64; 3] {
        let s = seconds / NODE_SECONDS;
        self.coefficients
            .map(|[c0, c1, c2, c3, c4, c5]| c0 + s * (c1 + s * (c2 + s * (c3 + s * (c4 + s * c5)))))
    }

    /// Velocity (km/s).
    pub(crate) fn velocity(&self, seconds: f64) -> [f64; 3] {
        let s = seconds / NODE_SECONDS;
        self.coefficients.map(|[_, c1, c2, c3, c4, c5]| {
            (c1 + s * (2.0 * c2 + s * (3.0 * c3 + s * (4.0 * c4 + s * 5.0 * c5)))) / NODE_SECONDS
        })
    }

    /// Acceleration (km/s²).
    pub(crate) fn acceleration(&self, seconds: f64) -> [f64; 3] {
        let s = seconds / NODE_SECONDS;
        self.coefficients.map(|[_, _, c2, c3, c4, c5]| {
            (2.0 * c2 + s * (6.0 * c3 + s * (12.0 * c4 + s * 20.0 * c5)))
                / (NODE_SECONDS * NODE_SECONDS)
        })
    }
}

/// How far an object's tracks may be from SGP4 over the whole orbit, km: the part that its elements tell.
///
/// Three terms, each verified in the tests (largest ratio over a catalogue):
/// * the remainder of a quintic, h⁶ |r⁽⁶⁾| / 46080, with the sixth derivative of the Kepler orbit at perigee,
///   r u³ (1 + 24 e + 45 e²) with u = μ / r³;
/// * SGP4's velocity is not the derivative of its position: its short-period terms leave out the
///   eccentricity, J₂ e v / p² (p in Earth radii);
/// * nor does it hold the rates by Sun and Moon, of the order of (n' / n)².
///
/// An error δv of the velocity moves a quintic by at most 0.16 h δv. What drag does is measured, see
/// `Bounds`.
pub(crate) fn error_by_elements(set: &ElementSet, gravity: &Gravity) -> f64 {
    let motion = set.mean_motion * std::f64::consts::TAU / 1440.0;
    let axis = gravity.semi_major_axis(set) / gravity.radius;
    let e = set.eccentricity;
    let perigee = (axis * (1.0 - e)).max(1.0) * gravity.radius;
    let parameter = (axis * (1.0 - e * e)).max(0.5);
    let speed = (gravity.parameter / perigee * (1.0 + e)).sqrt();
    let u = gravity.parameter / perigee.powi(3);
    let sixth = perigee * u.powi(3) * (1.0 + 24.0 * e + 45.0 * e * e);
    let per_second = motion / 60.0;
    let by_j2 = 1.5 * gravity.j2 * e * speed / (parameter * parameter);
    // n² of Moon (with its mass) and Sun, and a factor for what multiplies them.
    let by_bodies = 10.0 * 1.26e-13 / (per_second * per_second) * speed;
    0.008
        + 1.5 * sixth * NODE_SECONDS.powi(6) / 46_080.0
        + 0.16 * NODE_SECONDS * (by_j2 + by_bodies)
}

#[cfg(test)]
mod tests {
    use super::super::bounds::Bounds;
    use super::*;
    use crate::elements::tle::{self, Checksums};
    use crate::propagate::Propagator;
    use crate::screen::bounds::CHECK_AT;

    fn off(a: [f64; 3], b: [f64; 3]) -> f64 {
        a.iter()
            .zip(b)
            .map(|(a, b)| (a - b) * (a - b))
            .sum::<f64>()
            .sqrt()
    }

    /// The largest ratio of a track's distance from SGP4 to its bound, over a window of slabs of an hour.
    fn worst_ratio(set: &ElementSet, hours: u32) -> f64 {
        let Ok(propagator) = Propagator::new(set) else {
            return 0.0;
        };
        let fleet = Fleet::new([set]);
        let mut bounds = Bounds::new(&fleet, &[set], &Gravity::WGS72);
        let mut grid = Grid::new();
        let mut tracks = Tracks::default();
        let mut worst = 0.0_f64;
        for hour in 0..hours {
            let start = f64::from(hour) * 60.0;
            let mut minutes: Vec<f64> =
                (0..=12).map(|node| start + f64::from(node) * 5.0).collect();
            minutes.extend([start + CHECK_AT / 60.0, start + 55.0 + CHECK_AT / 60.0]);
            fleet.propagate(set.epoch, &minutes, &mut grid);
            bounds.reset();
            for (check, node) in [(13, 0), (14, 11)] {
                tracks.fill(&fleet, &grid, node, &Gravity::WGS72);
                bounds.compare(&tracks, &grid, check);
            }
            for (node, minute) in minutes.iter().take(12).enumerate() {
                tracks.fill(&fleet, &grid, node, &Gravity::WGS72);
                if !tracks.is_valid(0) {
                    continue;
                }
                for part in [0.13, 0.25, 0.37, 0.5, 0.63, 0.75, 0.87] {
                    let seconds = part * NODE_SECONDS;
                    if let Ok(state) = propagator.after_minutes(minute + seconds / 60.0) {
                        let apart = off(tracks.track(0).position(seconds), state.position);
                        worst = worst.max(apart / bounds.error(0));
                    }
                }
            }
        }
        worst
    }

    #[test]
    fn tracks_stay_within_their_bounds() {
        let text = include_str!("../../tests/data/sgp4_vallado/SGP4-VER.TLE");
        let mut ratios = Vec::new();
        for (_, set) in tle::read(text, Checksums::Report).0 {
            // 33333 to 33335 are no orbits but made to provoke errors.
            if !(33333..=33335).contains(&set.number.get()) {
                ratios.push((worst_ratio(&set, 24), set.number.get()));
            }
        }
        ratios.sort_by(|a, b| b.0.total_cmp(&a.0));
        println!("{ratios:?}");
        assert!(ratios.len() == 30 && ratios[0].0 < 1.0, "{ratios:?}");
    }

    #[test]
    fn tracks_of_a_real_catalogue_stay_within_their_bounds() {
        let Ok(folder) = std::env::var("DETENTE_SPACE_DATA") else {
            println!("skipped: DETENTE_SPACE_DATA does not name a folder with a catalogue");
            return;
        };
        let text = std::fs::read_to_string(format!("{folder}/catalogue-2023-full.3le")).unwrap();
        let mut ratios: Vec<(f64, u32)> = tle::read(&text, Checksums::Report)
            .0
            .iter()
            .step_by(11)
            .map(|(_, set)| (worst_ratio(set, 24), set.number.get()))
            .collect();
        ratios.sort_by(|a, b| b.0.total_cmp(&a.0));
        println!("largest ratios of error to bound: {:?}", &ratios[..8]);
        assert!(ratios[0].0 < 1.0);
    }
}
