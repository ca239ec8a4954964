//! One step of the screening: from all objects to the pairs that may come near each other.
//!
//! 1. Every object's state in the middle of the step, from its track.
//! 2. Objects are sorted by the cell of the sphere of directions they are in, so that a cell and its
//!    neighbours are a few runs of memory.
//! 3. Each object is compared, several at once, with the ranges of radius of those runs.
//! 4. Straight relative motion from the middle, with the tidal bound, decides whether a pair is kept.
//!
//! An object that moves through a large angle (the perigee of an eccentric orbit) or whose track is poor
//! stands in no cell and looks further around.

use pulp::{Arch, Simd, WithSimd};

use super::bounds::{Bounds, CONTRADICTORY, Motion, PATH_FACTOR, ROUNDING, tide};
use super::cells::{Cells, direction};
use super::track::{LANES, NODE_SECONDS, Tracks};
use crate::propagate::Gravity;

/// An object moves through no more than this, radians per second, to be kept in the cells: a circular
/// orbit just above the ground has 1.24e-3.
const FAST: f64 = 1.26e-3;
/// A track is no worse than this, km, for its object to be kept in the cells.
const POOR: f64 = 1.0;
/// At most so many cells.
const CELLS: usize = 65_536;
/// The cell of what stands in none.
const NO_CELL: u32 = u32::MAX;
/// How many ranges of radius are compared at once.
const WIDE: usize = 16;

/// Twice the escape velocity at the ground: no two objects pass each other faster, km/s.
const FASTEST: f64 = 22.5;

/// An object in the middle of the step. Single precision halves the memory that the sweep reads; what it
/// loses (0.3 m at 7000 km) is in `error`.
#[derive(Clone, Copy, Debug, Default)]
struct Member {
    position: [f32; 3],
    velocity: [f32; 3],
    /// Range of its radius within the step, widened by half the threshold and by its error.
    low: f32,
    high: f32,
    gradient: f32,
    error: f32,
    /// Its path within half a step, and half of what else the distance of a pair may be in the middle.
    path: f32,
    place: u32,
}

/// Memory of the sieve, used again from step to step.
pub(crate) struct Sieve {
    gravity: Gravity,
    threshold: f64,
    half_step: f64,
    /// Half of threshold, rounding and the largest tide.
    half_reach: f64,
    cells: Cells,
    runs: Runs,
    members: Vec<Member>,
    /// Latitude, longitude and angle moved.
    directions: Vec<[f32; 3]>,
    /// The cell of each place.
    cell_of: Vec<u32>,
    /// Where each cell begins among the sorted, and where the last ends.
    starts: Vec<u32>,
    /// The members in order of their cells, and their ranges of radius by [`level`], with [`WIDE`] empty ones
    /// at the end.
    sorted: Vec<Member>,
    low: Vec<u16>,
    high: Vec<u16>,
    special: Vec<Member>,
    around: Vec<u32>,
}

impl Sieve {
    /// For steps of `2 half_step` seconds and a threshold in km.
    pub(crate) fn new(gravity: &Gravity, threshold: f64, half_step: f64) -> Self {
        let reach = Self::angle_of(gravity, threshold, 2.0 * POOR) + 2.0 * FAST * half_step;
        let cells = Cells::new(reach, CELLS);
        let runs = Runs::of(&cells);
        let lowest = 0.95 * gravity.radius;
        let gradient = 2.05 * gravity.parameter / (lowest * lowest * lowest);
        let room = threshold + ROUNDING + 2.0 * PATH_FACTOR * CONTRADICTORY;
        let half_reach = 0.5 * (threshold + ROUNDING + tide(gradient, room, FASTEST, half_step));
        Self {
            half_reach,
            gravity: *gravity,
            threshold,
            half_step,
            cells,
            runs,
            members: Vec::new(),
            directions: Vec::new(),
            cell_of: Vec::new(),
            starts: Vec::new(),
            sorted: Vec::new(),
            low: Vec::new(),
            high: Vec::new(),
            special: Vec::new(),
            around: Vec::new(),
        }
    }

    /// Largest angle, seen from the centre, of two objects within the threshold; between two nodes above
    /// ground an object may dip a little below it.
    fn angle_of(gravity: &Gravity, threshold: f64, errors: f64) -> f64 {
        let distance = threshold + PATH_FACTOR * errors + 2.0 * ROUNDING;
        (distance / (0.95 * gravity.radius)).min(1.0).asin()
    }

    /// Finds the pairs of places that may come within the threshold during the step around `middle`
    /// (seconds after the node).
    pub(crate) fn pairs(
        &mut self,
        tracks: &Tracks,
        bounds: &Bounds,
        middle: f64,
        found: &mut Vec<(u32, u32)>,
    ) {
        self.members.resize(tracks.len(), Member::default());
        self.directions.resize(tracks.len(), [0.0; 3]);
        Arch::new().dispatch(Evaluate {
            tracks,
            middle,
            half_step: self.half_step,
            gravity: &self.gravity,
            members: &mut self.members,
            directions: &mut self.directions,
        });
        self.sort(tracks, bounds);
        found.clear();
        let mut around = std::mem::take(&mut self.around);
        Arch::new().dispatch(Sweep {
            sieve: self,
            around: &mut around,
            found,
        });
        self.around = around;
    }

    fn sort(&mut self, tracks: &Tracks, bounds: &Bounds) {
        let fast = (FAST * self.half_step) as f32;
        self.special.clear();
        self.starts.clear();
        self.starts.resize(self.cells.len() + 1, 0);
        self.cell_of.clear();
        for (place, (member, direction)) in
            self.members.iter_mut().zip(&self.directions).enumerate()
        {
            if !tracks.is_valid(place) {
                self.cell_of.push(NO_CELL);
                continue;
            }
            // What single precision loses: a ten-millionth of each axis, and of the velocity's path.
            let error = bounds.error(place) + 4e-7 * f64::from(member.high);
            let margin = (0.5 * self.threshold + PATH_FACTOR * error + ROUNDING) as f32;
            // A single-precision radius is off by up to 1e-7 of it.
            let rounding = member.high * 2e-7;
            member.place = place as u32;
            member.error = error as f32 * 1.000_001;
            member.path += (self.half_reach + PATH_FACTOR * error) as f32;
            member.path *= 1.000_001;
            member.low -= margin + rounding;
            member.high += margin + rounding;
            if direction[2] > fast || error > POOR {
                self.special.push(*member);
                self.cell_of.push(NO_CELL);
                continue;
            }
            let [latitude, longitude, _] = direction.map(f64::from);
            let cell = self.cells.of(latitude, longitude);
            self.cell_of.push(cell as u32);
            self.starts[cell + 1] += 1;
        }
        for cell in 0..self.cells.len() {
            self.starts[cell + 1] += self.starts[cell];
        }
        let count = self.starts[self.cells.len()] as usize;
        self.sorted.resize(count, Member::default());
        self.low.clear();
        self.low.resize(count + WIDE, u16::MAX);
        self.high.clear();
        self.high.resize(count + WIDE, 0);
        // Counting from each cell's start moves it to the next one's: moved back afterwards.
        for (member, cell) in self.members.iter().zip(&self.cell_of) {
            if *cell == NO_CELL {
                continue;
            }
            let next = &mut self.starts[*cell as usize];
            let index = *next as usize;
            *next += 1;
            self.sorted[index] = *member;
            self.low[index] = level(member.low);
            self.high[index] = level(member.high) + 1;
        }
        self.starts.copy_within(0..self.cells.len(), 1);
        self.starts[0] = 0;
    }

    /// Whether straight relative motion from the middle comes within reach.
    #[inline(always)]
    fn near(&self, one: &Member, two: &Member) -> bool {
        let mut square = 0.0_f32;
        for axis in 0..3 {
            let gap = two.position[axis] - one.position[axis];
            square += gap * gap;
        }
        let farthest = one.path + two.path;
        if square > farthest * farthest * 1.000_01 {
            return false;
        }
        self.passes_near(one, two)
    }

    #[inline(always)]
    fn passes_near(&self, one: &Member, two: &Member) -> bool {
        let (mut square, mut product, mut speed2) = (0.0, 0.0, 0.0);
        for axis in 0..3 {
            let gap = f64::from(two.position[axis]) - f64::from(one.position[axis]);
            let rate = f64::from(two.velocity[axis]) - f64::from(one.velocity[axis]);
            square += gap * gap;
            product += gap * rate;
            speed2 += rate * rate;
        }
        let tau = self.half_step;
        let speed = speed2.sqrt();
        let errors = f64::from(one.error + two.error);
        let reach = self.threshold + ROUNDING + PATH_FACTOR * errors;
        let gradient = f64::from(one.gradient.max(two.gradient));
        let reach = reach + tide(gradient, reach, speed, tau);
        let time = if speed2 > 0.0 {
            (-product / speed2).clamp(-tau, tau)
        } else {
            0.0
        };
        square + time * (2.0 * product + time * speed2) <= reach * reach
    }
}

/// Steps 3 and 4.
struct Sweep<'a> {
    sieve: &'a Sieve,
    around: &'a mut Vec<u32>,
    found: &'a mut Vec<(u32, u32)>,
}

impl WithSimd for Sweep<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let sieve = self.sieve;
        for cell in 0..sieve.cells.len() {
            let own = sieve.starts[cell] as usize..sieve.starts[cell + 1] as usize;
            if own.is_empty() {
                continue;
            }
            for (first, last) in sieve.runs.of_cell(cell) {
                let mut from = sieve.starts[*first as usize] as usize;
                let until = sieve.starts[*last as usize] as usize;
                let starts_here = *first as usize == cell;
                for index in own.clone() {
                    // Within its own cell an object meets those after it.
                    if starts_here {
                        from = index + 1;
                    }
                    let levels = (sieve.low[index], sieve.high[index]);
                    sieve.look_through(&sieve.sorted[index], levels, from, until, self.found);
                }
            }
        }
        for (order, member) in sieve.special.iter().enumerate() {
            sieve.look_around(member, self.around, self.found);
            for other in &sieve.special[..order] {
                let apart = other.high < member.low || member.high < other.low;
                if !apart && sieve.near(other, member) {
                    self.found.push((other.place, member.place));
                }
            }
        }
    }
}

impl Sieve {
    /// Pairs a member, whose range of radius is given by [`level`], with those of a run of the sorted.
    #[inline(always)]
    fn look_through(
        &self,
        member: &Member,
        (lowest, highest): (u16, u16),
        from: usize,
        until: usize,
        found: &mut Vec<(u32, u32)>,
    ) {
        let mut start = from;
        while start < until {
            let low = self.low[start..].first_chunk::<WIDE>();
            let high = self.high[start..].first_chunk::<WIDE>();
            let (Some(low), Some(high)) = (low, high) else {
                return;
            };
            let mut overlapping = 0_u16;
            for lane in 0..WIDE {
                let overlap = (low[lane] <= highest) & (high[lane] >= lowest);
                overlapping |= u16::from(overlap) << lane;
            }
            // What stands beyond the run is another run's, or nobody.
            if until - start < WIDE {
                overlapping &= (1 << (until - start)) - 1;
            }
            while overlapping != 0 {
                let other = &self.sorted[start + overlapping.trailing_zeros() as usize];
                overlapping &= overlapping - 1;
                if self.near(other, member) {
                    found.push((other.place, member.place));
                }
            }
            start += WIDE;
        }
    }

    /// Pairs a special member with all that stand in cells.
    #[inline(always)]
    fn look_around(&self, member: &Member, around: &mut Vec<u32>, found: &mut Vec<(u32, u32)>) {
        let direction = self.directions[member.place as usize].map(f64::from);
        let [latitude, longitude, angle] = direction;
        let errors = f64::from(member.error) + POOR;
        let reach =
            Self::angle_of(&self.gravity, self.threshold, errors) + angle + FAST * self.half_step;
        let levels = (level(member.low), level(member.high) + 1);
        around.clear();
        self.cells.around(latitude, longitude, reach, around);
        for cells in around.chunk_by(|one, next| one + 1 == *next) {
            if let [first, ..] = cells {
                let last = *first as usize + cells.len();
                let from = self.starts[*first as usize] as usize;
                self.look_through(member, levels, from, self.starts[last] as usize, found);
            }
        }
    }
}

/// A radius (km) as a whole number that never falls when the radius grows: in steps of 0.2 km near the
/// ground and 3 km at geosynchronous height. Two ranges that overlap do so too when their upper ends are
/// one step higher, which leaves room for this function's own rounding.
#[inline(always)]
fn level(radius: f32) -> u16 {
    let height = (radius - 6000.0).max(0.0);
    let level = 65_500.0 * (height / (height + 12_000.0));
    // Not a number counts as infinitely high.
    if level < 65_500.0 {
        level as u16
    } else {
        65_500
    }
}

/// For each cell itself and the neighbours after it, each pair of cells once, as runs of cells that follow
/// each other.
struct Runs {
    starts: Vec<u32>,
    runs: Vec<(u32, u32)>,
}

impl Runs {
    fn of(cells: &Cells) -> Self {
        let mut starts = vec![0];
        let mut runs = Vec::new();
        for (cell, mut list) in cells.forward_neighbours().into_iter().enumerate() {
            list.push(cell as u32);
            list.sort_unstable();
            for run in list.chunk_by(|one, next| one + 1 == *next) {
                if let [first, ..] = run {
                    runs.push((*first, first + run.len() as u32));
                }
            }
            starts.push(runs.len() as u32);
        }
        Self { starts, runs }
    }

    /// The first cell of each run, and the one after the last.
    #[inline(always)]
    fn of_cell(&self, cell: usize) -> &[(u32, u32)] {
        &self.runs[self.starts[cell] as usize..self.starts[cell + 1] as usize]
    }
}

struct Evaluate<'a> {
    tracks: &'a Tracks,
    middle: f64,
    half_step: f64,
    gravity: &'a Gravity,
    members: &'a mut [Member],
    directions: &'a mut [[f32; 3]],
}

impl WithSimd for Evaluate<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let s = self.middle / NODE_SECONDS;
        let outputs = self
            .members
            .chunks_exact_mut(LANES)
            .zip(self.directions.chunks_exact_mut(LANES));
        for (block, (members, directions)) in self.tracks.blocks().iter().zip(outputs) {
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
            let [x, y, z] = position;
            let [vx, vy, vz] = velocity;
            let mut low = [0.0_f32; LANES];
            let mut high = [0.0_f32; LANES];
            let mut gradient = [0.0_f32; LANES];
            let mut path = [0.0_f32; LANES];
            let mut where_to = [[0.0_f32; LANES]; 3];
            for lane in 0..LANES {
                let square = x[lane] * x[lane] + y[lane] * y[lane] + z[lane] * z[lane];
                let product = x[lane] * vx[lane] + y[lane] * vy[lane] + z[lane] * vz[lane];
                let speed2 = vx[lane] * vx[lane] + vy[lane] * vy[lane] + vz[lane] * vz[lane];
                let radius = square.sqrt();
                let momentum2 = (square * speed2 - product * product).max(0.0);
                let motion = Motion::bound(
                    self.gravity,
                    radius,
                    product / radius,
                    momentum2,
                    self.half_step,
                );
                let (latitude, longitude) = direction(x[lane], y[lane], z[lane]);
                low[lane] = (radius - motion.radial) as f32;
                high[lane] = (radius + motion.radial) as f32;
                path[lane] = (speed2.sqrt() * self.half_step) as f32;
                gradient[lane] = motion.gradient as f32 * 1.000_001;
                where_to[0][lane] = latitude as f32;
                where_to[1][lane] = longitude as f32;
                where_to[2][lane] = motion.angle as f32 * 1.000_001;
            }
            for (lane, (member, direction)) in members.iter_mut().zip(directions).enumerate() {
                *member = Member {
                    position: [x[lane] as f32, y[lane] as f32, z[lane] as f32],
                    velocity: [vx[lane] as f32, vy[lane] as f32, vz[lane] as f32],
                    low: low[lane],
                    high: high[lane],
                    gradient: gradient[lane],
                    error: 0.0,
                    path: path[lane],
                    place: 0,
                };
                *direction = [where_to[0][lane], where_to[1][lane], where_to[2][lane]];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run that holds its cell begins with it, and each pair of neighbours is in one run.
    #[test]
    fn runs_are_the_neighbours() {
        for reach in [0.01, 0.06, 0.13, 0.4, 1.5, 3.0] {
            let cells = Cells::new(reach, CELLS);
            let runs = Runs::of(&cells);
            for (cell, neighbours) in cells.forward_neighbours().iter().enumerate() {
                let own = runs.of_cell(cell);
                let mut listed: Vec<u32> = own.iter().flat_map(|run| run.0..run.1).collect();
                let here = |run: &&(u32, u32)| (run.0..run.1).contains(&(cell as u32));
                assert_eq!(own.iter().find(here).map(|run| run.0), Some(cell as u32));
                listed.retain(|listed| *listed != cell as u32);
                let mut expected = neighbours.clone();
                expected.sort_unstable();
                listed.sort_unstable();
                assert_eq!(listed, expected);
            }
        }
    }
}
