//! One step of the screening: from all objects to the pairs that may come near each other.
//!
//! 1. Every object's state in the middle of the step, from its track.
//! 2. Objects are taken in order of the lowest radius they may have. Each cell of the sphere of directions
//!    keeps a list of those taken whose highest radius is not yet passed: the only ones that can be within
//!    reach in radius.
//! 3. An object is paired with those in the lists of its own cell and the cells around, and added to its own.
//! 4. Straight relative motion from the middle, with the tidal bound, decides whether a pair is kept.
//!
//! An object that moves through a large angle (the perigee of an eccentric orbit) or whose track is poor
//! looks further around, and is itself kept in a second list of every cell within its reach.

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
/// Bits of the sorting key.
const RADIUS_BITS: u32 = 22;
/// At most so many cells.
const CELLS: usize = 8192;
/// The end of a list.
const NIL: u32 = u32::MAX;
/// Radii are sorted in steps of this, km.
const RADIUS_STEP: f64 = 0.1;

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
}

/// Memory of the sieve, used again from step to step.
pub(crate) struct Sieve {
    gravity: Gravity,
    threshold: f64,
    half_step: f64,
    /// Half of threshold, rounding and the largest tide.
    half_reach: f64,
    cells: Cells,
    neighbours: Neighbours,
    members: Vec<Member>,
    /// Latitude, longitude and angle moved.
    directions: Vec<[f32; 3]>,
    order: Vec<(u32, u32)>,
    scratch: Vec<(u32, u32)>,
    sorted: Vec<Member>,
    /// For each cell the newest of its list, and for each object the next older one.
    lists: Vec<u32>,
    next: Vec<u32>,
    /// The same for special objects, which are in many lists: entries of (next, object).
    special_lists: Vec<u32>,
    special_entries: Vec<(u32, u32)>,
    special: Vec<u32>,
    around: Vec<u32>,
}

impl Sieve {
    /// For steps of `2 half_step` seconds and a threshold in km.
    pub(crate) fn new(gravity: &Gravity, threshold: f64, half_step: f64) -> Self {
        let reach = Self::angle_of(gravity, threshold, 2.0 * POOR) + 2.0 * FAST * half_step;
        let cells = Cells::new(reach, CELLS);
        let neighbours = Neighbours::of(&cells);
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
            neighbours,
            members: Vec::new(),
            directions: Vec::new(),
            order: Vec::new(),
            scratch: Vec::new(),
            sorted: Vec::new(),
            lists: Vec::new(),
            next: Vec::new(),
            special_lists: Vec::new(),
            special_entries: Vec::new(),
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
        found.clear();
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
        self.sweep(found);
    }

    fn sort(&mut self, tracks: &Tracks, bounds: &Bounds) {
        let fast = (FAST * self.half_step) as f32;
        self.order.clear();
        self.special.clear();
        for (place, (member, direction)) in
            self.members.iter_mut().zip(&self.directions).enumerate()
        {
            if !tracks.is_valid(place) {
                continue;
            }
            // What single precision loses: a ten-millionth of each axis, and of the velocity's path.
            let error = bounds.error(place) + 4e-7 * f64::from(member.high);
            let margin = (0.5 * self.threshold + PATH_FACTOR * error + ROUNDING) as f32;
            // A single-precision radius is off by up to 1e-7 of it.
            let rounding = member.high * 2e-7;
            member.error = error as f32 * 1.000_001;
            member.path += (self.half_reach + PATH_FACTOR * error) as f32;
            member.path *= 1.000_001;
            member.low -= margin + rounding;
            member.high += margin + rounding;
            // Special objects are marked by their path's sign.
            if direction[2] > fast || error > POOR {
                member.path = -member.path;
            }
            let radius = (f64::from(member.low.max(0.0)) / RADIUS_STEP) as u32;
            let radius = radius.min((1 << RADIUS_BITS) - 1);
            // Objects are taken in order of this radius, so it is what the sweep may rely on.
            member.low = (f64::from(radius) * RADIUS_STEP) as f32;
            self.order.push((radius, place as u32));
        }
        radix_sort(&mut self.order, &mut self.scratch);
        self.sorted.clear();
        self.sorted.extend(
            self.order
                .iter()
                .map(|(_, place)| self.members[*place as usize]),
        );
    }

    fn sweep(&mut self, found: &mut Vec<(u32, u32)>) {
        for lists in [&mut self.lists, &mut self.special_lists] {
            lists.clear();
            lists.resize(self.cells.len(), NIL);
        }
        self.next.resize(self.sorted.len(), NIL);
        self.special_entries.clear();
        for index in 0..self.sorted.len() {
            let mut member = self.sorted[index];
            let place = self.order[index].1;
            let [latitude, longitude, angle] = self.directions[place as usize].map(f64::from);
            if member.path < 0.0 {
                member.path = -member.path;
                self.sorted[index].path = member.path;
                self.take_special(index, &member, [latitude, longitude, angle], found);
                continue;
            }
            let cell = self.cells.of(latitude, longitude);
            let (first, last) = self.neighbours.range(cell);
            for neighbour in first..last {
                let neighbour = self.neighbours.cells[neighbour] as usize;
                if self.lists[neighbour] != NIL {
                    self.look_through(neighbour, &member, place, found);
                }
            }
            let mut entry = self.special_lists[cell];
            while entry != NIL {
                let (next, other) = self.special_entries[entry as usize];
                let special = &self.sorted[other as usize];
                if special.high >= member.low && self.near(special, &member) {
                    found.push((self.order[other as usize].1, place));
                }
                entry = next;
            }
            self.next[index] = self.lists[cell];
            self.lists[cell] = index as u32;
        }
    }

    /// Pairs an object with those of a list, and takes out of the list what lies wholly below.
    #[inline(always)]
    fn look_through(
        &mut self,
        cell: usize,
        member: &Member,
        place: u32,
        found: &mut Vec<(u32, u32)>,
    ) {
        let mut before = NIL;
        let mut other = self.lists[cell];
        while other != NIL {
            let next = self.next[other as usize];
            let candidate = &self.sorted[other as usize];
            if candidate.high < member.low {
                if before == NIL {
                    self.lists[cell] = next;
                } else {
                    self.next[before as usize] = next;
                }
            } else {
                if self.near(candidate, member) {
                    found.push((self.order[other as usize].1, place));
                }
                before = other;
            }
            other = next;
        }
    }

    fn take_special(
        &mut self,
        index: usize,
        member: &Member,
        direction: [f64; 3],
        found: &mut Vec<(u32, u32)>,
    ) {
        let place = self.order[index].1;
        let [latitude, longitude, angle] = direction;
        let errors = f64::from(member.error) + POOR;
        let reach =
            Self::angle_of(&self.gravity, self.threshold, errors) + angle + FAST * self.half_step;
        let mut around = std::mem::take(&mut self.around);
        around.clear();
        self.cells.around(latitude, longitude, reach, &mut around);
        for cell in &around {
            self.look_through(*cell as usize, member, place, found);
            self.special_entries
                .push((self.special_lists[*cell as usize], index as u32));
            self.special_lists[*cell as usize] = (self.special_entries.len() - 1) as u32;
        }
        self.around = around;
        for other in &self.special {
            let candidate = &self.sorted[*other as usize];
            if candidate.high >= member.low && self.near(candidate, member) {
                found.push((self.order[*other as usize].1, place));
            }
        }
        self.special.push(index as u32);
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

/// Each cell with itself and all its neighbours, one list after another.
struct Neighbours {
    starts: Vec<u32>,
    cells: Vec<u32>,
}

impl Neighbours {
    fn of(cells: &Cells) -> Self {
        let forward = cells.forward_neighbours();
        let mut all: Vec<Vec<u32>> = (0..cells.len() as u32).map(|cell| vec![cell]).collect();
        for (cell, list) in forward.iter().enumerate() {
            for neighbour in list {
                all[cell].push(*neighbour);
                all[*neighbour as usize].push(cell as u32);
            }
        }
        let mut starts = vec![0];
        let mut flat = Vec::new();
        for mut list in all {
            list.sort_unstable();
            list.dedup();
            flat.extend(list);
            starts.push(flat.len() as u32);
        }
        Self {
            starts,
            cells: flat,
        }
    }

    #[inline(always)]
    fn range(&self, cell: usize) -> (usize, usize) {
        (self.starts[cell] as usize, self.starts[cell + 1] as usize)
    }
}

/// Sorts by the first number, of at most [`RADIUS_BITS`] bits, in two passes.
fn radix_sort(items: &mut Vec<(u32, u32)>, scratch: &mut Vec<(u32, u32)>) {
    scratch.resize(items.len(), (0, 0));
    for shift in [0, 11] {
        let mut counts = [0_u32; 2049];
        for (key, _) in items.iter() {
            counts[((key >> shift) & 2047) as usize + 1] += 1;
        }
        for bucket in 0..2048 {
            counts[bucket + 1] += counts[bucket];
        }
        for item in items.iter() {
            let bucket = ((item.0 >> shift) & 2047) as usize;
            scratch[counts[bucket] as usize] = *item;
            counts[bucket] += 1;
        }
        std::mem::swap(items, scratch);
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
                };
                *direction = [where_to[0][lane], where_to[1][lane], where_to[2][lane]];
            }
        }
    }
}
