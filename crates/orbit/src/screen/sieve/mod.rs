//! One step of the screening: from all objects to the pairs that may come near each other.
//!
//! 1. Every object's state in the middle of the step, from its track.
//! 2. Objects are sorted by layer of height, and in it by the cell of the sphere of directions they are in, so that a
//!    cell and its neighbours are a few runs of memory.
//! 3. Each object is compared with those of its runs, several at once: ranges of radius, and whether the motion
//!    of both within half a step bridges their distance in the middle.
//! 4. Straight relative motion from the middle, with the tidal bound, decides whether a pair is kept.
//!
//! Where a few objects are screened against all, each of them is compared with everything instead of 2 and 3.
//!
//! An object that moves through a large angle (the perigee of an eccentric orbit) or whose track is poor
//! stands in no cell and looks further around.

mod evaluate;
mod few;
mod layers;
mod runs;
mod sweep;

use pulp::Arch;

use self::evaluate::{Evaluate, Middle, Step, Swept};
pub(crate) use self::few::FEW;
use self::few::Search;
use self::layers::Layers;
use self::runs::Runs;
use self::sweep::Sweep;
use super::bounds::{Bounds, CONTRADICTORY, PATH_FACTOR, ROUNDING, tide};
use super::cells::Cells;
use super::track::{LANES, Tracks};
use crate::propagate::Gravity;

/// An object moves through no more than this, radians per second, to be kept in the cells: a circular
/// orbit just above the ground has 1.24e-3.
const FAST: f64 = 1.26e-3;
/// A track is no worse than this, km, for its object to be kept in the cells.
const POOR: f64 = 1.0;
/// At most so many cells.
const CELLS: usize = 65_536;
/// How many objects stand in a cell on average, if the objects of a layer can be so few.
const CROWD: usize = 2;
/// A layer is at least twice the threshold and this high, km: what stands near its top is compared with the next layer
/// too.
const LAYER_HEIGHT: f64 = 30.0;
/// The cell of what stands in none.
const NO_CELL: u32 = u32::MAX;

/// Twice the escape velocity at the ground: no two objects pass each other faster, km/s.
const FASTEST: f64 = 22.5;

/// What the sweep knows of one object; see [`Swept`].
#[derive(Clone, Copy, Debug)]
struct Member {
    position: [f32; 3],
    velocity: [f32; 3],
    path: f32,
    low: f32,
    high: f32,
    /// Its share of what is near enough.
    reach: f32,
}

/// An object that stands in no cell.
#[derive(Clone, Copy, Debug)]
struct Special {
    place: u32,
    member: Member,
    latitude: f32,
    longitude: f32,
    angle: f32,
    error: f32,
}

/// Memory of the sieve, used again from step to step.
pub(crate) struct Sieve {
    gravity: Gravity,
    threshold: f64,
    half_step: f64,
    /// Half of threshold, rounding and the largest tide.
    half_reach: f64,
    cells: Cells,
    /// Neighbouring cells within a layer, and in the layers above.
    runs: Runs,
    runs_above: Runs,
    layers: Layers,
    /// Places of the few objects of which each pair that counts has one, at most [`FEW`].
    few: Option<Vec<u32>>,
    middles: Vec<Middle>,
    /// The cell of each place, counted through all layers.
    cell_of: Vec<u32>,
    /// Where each cell begins among the sorted, and where the last ends.
    starts: Vec<u32>,
    /// Those that stand in cells, in order of their cells, and their places.
    sorted: Vec<Swept>,
    places: Vec<u32>,
    special: Vec<Special>,
    near: Vec<(u32, u32)>,
    near_special: Vec<(u32, u32)>,
    around: Vec<u32>,
}

impl Sieve {
    /// For steps of `2 half_step` seconds and a threshold in km, and objects of these mean radii (km); for all pairs, or
    /// those with one of a few places.
    pub(crate) fn new(
        gravity: &Gravity,
        threshold: f64,
        half_step: f64,
        radii: &[f64],
        few: Option<Vec<u32>>,
    ) -> Self {
        let reach = Self::angle_of(gravity, threshold, 2.0 * POOR) + 2.0 * FAST * half_step;
        let cells = Cells::new(reach, CELLS);
        let layers = Layers::of(
            radii.iter().copied(),
            CROWD * cells.len(),
            2.0 * threshold + LAYER_HEIGHT,
        );
        let lowest = 0.95 * gravity.radius;
        let gradient = 2.05 * gravity.parameter / (lowest * lowest * lowest);
        let room = threshold + ROUNDING + 2.0 * PATH_FACTOR * CONTRADICTORY;
        let half_reach = 0.5 * (threshold + ROUNDING + tide(gradient, room, FASTEST, half_step));
        Self {
            half_reach,
            gravity: *gravity,
            threshold,
            half_step,
            runs: Runs::forward(&cells),
            runs_above: Runs::around(&cells),
            cells,
            layers,
            few,
            middles: Vec::new(),
            cell_of: Vec::new(),
            starts: Vec::new(),
            sorted: Vec::new(),
            places: Vec::new(),
            special: Vec::new(),
            near: Vec::new(),
            near_special: Vec::new(),
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
        self.middles.resize(tracks.len() / LANES, Middle::default());
        Arch::new().dispatch(Evaluate {
            step: Step {
                gravity: &self.gravity,
                half_step: self.half_step,
                threshold: self.threshold,
                half_reach: self.half_reach,
            },
            tracks,
            errors: bounds.errors(),
            middle,
            middles: &mut self.middles,
        });
        let mut near = std::mem::take(&mut self.near);
        near.clear();
        found.clear();
        if let Some(few) = &self.few {
            Arch::new().dispatch(Search {
                few,
                tracks,
                middles: &self.middles,
                near: &mut near,
            });
            found.extend(near.iter().filter(|(one, two)| {
                // Of two of the few, the pair once.
                let twice = two < one && few.binary_search(two).is_ok();
                !twice && self.passes_near(*one, *two)
            }));
            self.near = near;
            return;
        }
        self.place_in_cells(tracks);
        self.sort();
        let mut near_special = std::mem::take(&mut self.near_special);
        let mut around = std::mem::take(&mut self.around);
        near_special.clear();
        Arch::new().dispatch(Sweep {
            sieve: self,
            near: &mut near,
            near_special: &mut near_special,
            around: &mut around,
        });
        self.decide(&near, &near_special, found);
        self.near = near;
        self.near_special = near_special;
        self.around = around;
    }

    /// Finds the cell of each object, and counts how many are in each.
    fn place_in_cells(&mut self, tracks: &Tracks) {
        let fast = (FAST * self.half_step) as f32;
        self.special.clear();
        self.starts.clear();
        self.starts
            .resize(self.layers.len() * self.cells.len() + 1, 0);
        self.cell_of.clear();
        for (block, middle) in self.middles.iter().enumerate() {
            for lane in 0..LANES {
                let place = block * LANES + lane;
                if !tracks.is_valid(place) {
                    self.cell_of.push(NO_CELL);
                    continue;
                }
                let error = middle.error[lane];
                if middle.angle[lane] > fast || error > POOR as f32 {
                    self.special.push(Special {
                        place: place as u32,
                        member: middle.swept.member(lane, self.reach(error)),
                        latitude: middle.latitude[lane],
                        longitude: middle.longitude[lane],
                        angle: middle.angle[lane],
                        error,
                    });
                    self.cell_of.push(NO_CELL);
                    continue;
                }
                let layer = self.layers.of_radius(middle.swept.low[lane]);
                let cell = self.cells.of(middle.latitude[lane], middle.longitude[lane])
                    + layer * self.cells.len();
                self.cell_of.push(cell as u32);
                self.starts[cell + 1] += 1;
            }
        }
        let mut sum = 0;
        for start in &mut self.starts {
            sum += *start;
            *start = sum;
        }
    }

    /// Brings the objects into the order of their cells.
    fn sort(&mut self) {
        let last = self.starts.len() - 1;
        let count = self.starts[last] as usize;
        self.sorted.resize(count.div_ceil(LANES), Swept::default());
        self.places.resize(count, 0);
        // Counting from each cell's start moves it to the next one's: moved back afterwards.
        for (block, middle) in self.middles.iter().enumerate() {
            for lane in 0..LANES {
                let place = block * LANES + lane;
                let cell = self.cell_of[place];
                if cell == NO_CELL {
                    continue;
                }
                let next = &mut self.starts[cell as usize];
                let index = *next as usize;
                *next += 1;
                self.places[index] = place as u32;
                let (into, to) = (&mut self.sorted[index / LANES], index % LANES);
                for axis in 0..3 {
                    into.position[axis][to] = middle.swept.position[axis][lane];
                    into.velocity[axis][to] = middle.swept.velocity[axis][lane];
                }
                into.path[to] = middle.swept.path[lane];
                into.low[to] = middle.swept.low[lane];
                into.high[to] = middle.swept.high[lane];
            }
        }
        self.starts.copy_within(0..last, 1);
        self.starts[0] = 0;
    }

    /// Cells around a special object in which a pair of it may stand.
    fn around(&self, special: &Special, around: &mut Vec<u32>) {
        let errors = f64::from(special.error) + POOR;
        let reach = Self::angle_of(&self.gravity, self.threshold, errors)
            + f64::from(special.angle)
            + FAST * self.half_step;
        let (latitude, longitude) = (special.latitude.into(), special.longitude.into());
        self.cells.around(latitude, longitude, reach, around);
    }

    /// An object's share of what is near enough, for an error of its track, km.
    #[inline(always)]
    fn reach(&self, error: f32) -> f32 {
        (self.half_reach as f32 + PATH_FACTOR as f32 * error) * 1.000_001
    }

    /// One of the sorted.
    #[inline(always)]
    fn member(&self, index: u32) -> Member {
        let index = index as usize;
        self.sorted[index / LANES].member(index % LANES, self.reach(POOR as f32))
    }

    /// Step 4, for the pairs of the sweep and for those of two special objects.
    fn decide(
        &self,
        near: &[(u32, u32)],
        near_special: &[(u32, u32)],
        found: &mut Vec<(u32, u32)>,
    ) {
        let place = |index: u32| self.places[index as usize];
        let among_sorted = near.iter().map(|(one, two)| (place(*one), place(*two)));
        let with_special = near_special
            .iter()
            .map(|(special, other)| (self.special[*special as usize].place, place(*other)));
        let specials = self.special.iter().enumerate().flat_map(|(order, one)| {
            let before = self.special[..order].iter();
            let overlapping = before.filter(|two| {
                two.member.low <= one.member.high && one.member.low <= two.member.high
            });
            overlapping.map(|two| (two.place, one.place))
        });
        let all = among_sorted.chain(with_special).chain(specials);
        found.extend(all.filter(|(one, two)| self.passes_near(*one, *two)));
    }

    /// Whether straight relative motion from the middle comes within reach.
    fn passes_near(&self, one: u32, two: u32) -> bool {
        let at = |place: u32| {
            let (block, lane) = (place as usize / LANES, place as usize % LANES);
            (&self.middles[block], lane)
        };
        let ((one, first), (two, second)) = (at(one), at(two));
        let (mut square, mut product, mut speed2) = (0.0, 0.0, 0.0);
        for axis in 0..3 {
            let gap = f64::from(two.swept.position[axis][second])
                - f64::from(one.swept.position[axis][first]);
            let rate = f64::from(two.swept.velocity[axis][second])
                - f64::from(one.swept.velocity[axis][first]);
            square += gap * gap;
            product += gap * rate;
            speed2 += rate * rate;
        }
        let tau = self.half_step;
        let speed = speed2.sqrt();
        let errors = f64::from(one.error[first] + two.error[second]);
        let reach = self.threshold + ROUNDING + PATH_FACTOR * errors;
        let gradient = f64::from(one.gradient[first].max(two.gradient[second]));
        let reach = reach + tide(gradient, reach, speed, tau);
        let time = if speed2 > 0.0 {
            (-product / speed2).clamp(-tau, tau)
        } else {
            0.0
        };
        square + time * (2.0 * product + time * speed2) <= reach * reach
    }
}

impl Swept {
    /// One of those side by side, and its share of what is near enough.
    #[inline(always)]
    fn member(&self, lane: usize, reach: f32) -> Member {
        Member {
            position: self.position.map(|row| row[lane]),
            velocity: self.velocity.map(|row| row[lane]),
            path: self.path[lane],
            low: self.low[lane],
            high: self.high[lane],
            reach,
        }
    }
}
