//! Many objects at once, laid out so that a register holds the same term of several objects.

use jiff::Timestamp;
use pulp::{Arch, Simd, WithSimd};

use super::deep_setup::Resonance;
use super::gravity::Gravity;
use super::kernel::{self, Mode, Motion};
use super::lanes::Lanes;
use super::setup::{self, Model};
use super::terms::{BLOCK, Common, Deep, Near, Segment};
use super::{PropagationError, State};
use crate::elements::ElementSet;
use crate::epoch;

/// Rows of a block of results: three of position, three of velocity.
const ROWS: usize = 6;

/// Many objects, ready to be propagated to common instants.
#[derive(Clone, Debug)]
pub struct Fleet {
    gravity: Gravity,
    mode: Mode,
    /// Where each object stands, or why it cannot be propagated at all.
    places: Vec<Result<usize, PropagationError>>,
    /// The object in each place; `None` where a block is filled up.
    objects: Vec<Option<usize>>,
    epochs: Vec<Timestamp>,
    near: Vec<f64>,
    deep: Vec<f64>,
    resonances: Vec<Resonance>,
}

/// States of a [`Fleet`] at several instants.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    places: Vec<Result<usize, PropagationError>>,
    times: usize,
    /// Per block, per instant: [`ROWS`] rows of [`BLOCK`] values.
    values: Vec<f64>,
    /// Per block, per instant: a code for each place, 0 for none.
    codes: Vec<u8>,
}

impl Fleet {
    /// Prepares objects with WGS-72. Objects from which no orbit can be recovered stay in the count and
    /// give their error each time.
    #[must_use]
    pub fn new<'a>(sets: impl IntoIterator<Item = &'a ElementSet>) -> Self {
        Self::with(sets, &Gravity::WGS72, Mode::Improved)
    }

    /// Prepares objects with other constants or another mode.
    #[must_use]
    pub fn with<'a>(
        sets: impl IntoIterator<Item = &'a ElementSet>,
        gravity: &Gravity,
        mode: Mode,
    ) -> Self {
        let mut places = Vec::new();
        let mut near = Vec::new();
        let mut deep = Vec::new();
        for (object, set) in sets.into_iter().enumerate() {
            match setup::prepare(set, gravity, mode) {
                Ok(Model::Near(common, terms)) => near.push((object, set.epoch, common, terms)),
                Ok(Model::Deep(common, terms)) => {
                    deep.push((object, set.epoch, common, terms.0, terms.1));
                }
                Err(error) => {
                    places.push(Err(error));
                    continue;
                }
            }
            places.push(Ok(0));
        }
        // Objects that need the same branches stand together.
        deep.sort_by_key(|(object, _, common, terms, _)| {
            (common.inclination < 0.22, terms.resonance as u8, *object)
        });
        let mut fleet = Self {
            gravity: *gravity,
            mode,
            places,
            objects: Vec::new(),
            epochs: Vec::new(),
            near: Vec::new(),
            deep: Vec::new(),
            resonances: Vec::new(),
        };
        for chunk in near.chunks(BLOCK) {
            let start = fleet.near.len();
            fleet
                .near
                .resize(start + (Common::COUNT + Near::COUNT) * BLOCK, 0.0);
            let block = &mut fleet.near[start..];
            let (common_part, near_part) = block.split_at_mut(Common::COUNT * BLOCK);
            for place in 0..BLOCK {
                let used = chunk.get(place);
                let Some((object, epoch, common, terms)) = used.or(chunk.first()) else {
                    continue;
                };
                common.scatter(common_part, place);
                terms.scatter(near_part, place);
                seat(&mut fleet.places, &mut fleet.objects, used.map(|_| *object));
                fleet.epochs.push(*epoch);
            }
        }
        for chunk in deep.chunks(BLOCK) {
            let start = fleet.deep.len();
            fleet
                .deep
                .resize(start + (Common::COUNT + Deep::COUNT) * BLOCK, 0.0);
            let block = &mut fleet.deep[start..];
            let (common_part, deep_part) = block.split_at_mut(Common::COUNT * BLOCK);
            for place in 0..BLOCK {
                let used = chunk.get(place);
                let Some((object, epoch, common, terms, resonance)) = used.or(chunk.first()) else {
                    continue;
                };
                common.scatter(common_part, place);
                terms.scatter(deep_part, place);
                fleet.resonances.push(*resonance);
                seat(&mut fleet.places, &mut fleet.objects, used.map(|_| *object));
                fleet.epochs.push(*epoch);
            }
        }
        fleet
    }

    /// How many objects there are, with those that cannot be propagated.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Propagates all objects to the instants `origin + minutes`, into `grid`, whose memory is used again.
    pub fn propagate(&self, origin: Timestamp, minutes: &[f64], grid: &mut Grid) {
        let blocks = self.objects.len() / BLOCK;
        grid.places.clone_from(&self.places);
        grid.times = minutes.len();
        grid.values
            .resize(blocks * minutes.len() * ROWS * BLOCK, 0.0);
        grid.codes.clear();
        grid.codes.resize(blocks * minutes.len() * BLOCK, 0);
        let offsets: Vec<f64> = self
            .epochs
            .iter()
            .map(|epoch| epoch::minutes_between(*epoch, origin))
            .collect();
        Arch::new().dispatch(Batch {
            fleet: self,
            offsets: &offsets,
            minutes,
            grid,
        });
    }

    /// The object in each place of a grid, in order, and `None` where a block is filled up.
    pub(crate) fn objects(&self) -> &[Option<usize>] {
        &self.objects
    }
}

fn seat(
    places: &mut [Result<usize, PropagationError>],
    objects: &mut Vec<Option<usize>>,
    object: Option<usize>,
) {
    if let Some(seat) = object.and_then(|object| places.get_mut(object)) {
        *seat = Ok(objects.len());
    }
    objects.push(object);
}

impl Grid {
    /// An empty grid, to be filled by [`Fleet::propagate`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The state of an object (by its order in the fleet) at an instant (by its order in the call).
    ///
    /// # Errors
    /// Why there is no position; also [`PropagationError::NotFinite`] outside the grid.
    pub fn state(&self, object: usize, time: usize) -> Result<State, PropagationError> {
        let place = match self.places.get(object) {
            Some(Ok(place)) => *place,
            Some(Err(error)) => return Err(error.clone()),
            None => return Err(PropagationError::NotFinite),
        };
        let (block, lane) = (place / BLOCK, place % BLOCK);
        let (Some(rows), Some(code)) = (self.rows(block, time), self.code(place, time)) else {
            return Err(PropagationError::NotFinite);
        };
        if let Some(error) = PropagationError::from_code(code) {
            return Err(error);
        }
        let value = |row: usize| rows.get(row * BLOCK + lane).copied().unwrap_or(f64::NAN);
        Ok(State {
            position: [value(0), value(1), value(2)],
            velocity: [value(3), value(4), value(5)],
        })
    }

    /// Six rows of eight values: positions and velocities of a block at an instant.
    pub(crate) fn rows(&self, block: usize, time: usize) -> Option<&[f64]> {
        if time >= self.times {
            return None;
        }
        let start = (block * self.times + time) * ROWS * BLOCK;
        self.values.get(start..start + ROWS * BLOCK)
    }

    /// The position of a place at an instant, whatever its code.
    pub(crate) fn position(&self, place: usize, time: usize) -> Option<[f64; 3]> {
        let rows = self.rows(place / BLOCK, time)?;
        let value = |row: usize| rows.get(row * BLOCK + place % BLOCK).copied();
        Some([value(0)?, value(1)?, value(2)?])
    }

    /// The code of a place at an instant.
    pub(crate) fn code(&self, place: usize, time: usize) -> Option<u8> {
        if time >= self.times {
            return None;
        }
        self.codes
            .get((place / BLOCK * self.times + time) * BLOCK + place % BLOCK)
            .copied()
    }
}

struct Batch<'a> {
    fleet: &'a Fleet,
    offsets: &'a [f64],
    minutes: &'a [f64],
    grid: &'a mut Grid,
}

impl WithSimd for Batch<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Batch {
            fleet,
            offsets,
            minutes,
            grid,
        } = self;
        let per_block = minutes.len() * ROWS * BLOCK;
        if per_block == 0 {
            return;
        }
        let results = grid
            .values
            .chunks_exact_mut(per_block)
            .zip(grid.codes.chunks_exact_mut(minutes.len() * BLOCK));
        let mut results = results.zip(offsets.chunks_exact(BLOCK));
        let gravity = &fleet.gravity;
        for block in fleet
            .near
            .chunks_exact((Common::COUNT + Near::COUNT) * BLOCK)
        {
            let Some(((values, codes), offsets)) = results.next() else {
                return;
            };
            let (common_part, near_part) = block.split_at(Common::COUNT * BLOCK);
            for from in (0..BLOCK).step_by(S::F64_LANES) {
                let common = Common::gather(simd, common_part, from);
                let near = Near::gather(simd, near_part, from);
                let offset = Lanes::load(simd, offsets.get(from..).unwrap_or(&[]));
                let cells = values
                    .chunks_exact_mut(ROWS * BLOCK)
                    .zip(codes.chunks_exact_mut(BLOCK));
                for (minute, (values, codes)) in minutes.iter().zip(cells) {
                    let motion = kernel::near(gravity, &common, &near, offset + *minute);
                    keep(&motion, values, codes, from);
                }
            }
        }
        let resonances = fleet.resonances.chunks_exact(BLOCK);
        let deep_blocks = fleet
            .deep
            .chunks_exact((Common::COUNT + Deep::COUNT) * BLOCK);
        for (block, resonances) in deep_blocks.zip(resonances) {
            let Some(((values, codes), offsets)) = results.next() else {
                return;
            };
            let (common_part, deep_part) = block.split_at(Common::COUNT * BLOCK);
            let mut steps = ResonantSteps::new(resonances);
            let cells = values
                .chunks_exact_mut(ROWS * BLOCK)
                .zip(codes.chunks_exact_mut(BLOCK));
            for (minute, (values, codes)) in minutes.iter().zip(cells) {
                steps.move_to(offsets, *minute);
                for from in (0..BLOCK).step_by(S::F64_LANES) {
                    let common = Common::gather(simd, common_part, from);
                    let deep = Deep::gather(simd, deep_part, from);
                    let segment = Segment::gather(simd, &steps.columns, from);
                    let offset = Lanes::load(simd, offsets.get(from..).unwrap_or(&[]));
                    let t = offset + *minute;
                    let motion = kernel::deep(gravity, fleet.mode, &common, &deep, &segment, t);
                    keep(&motion, values, codes, from);
                }
            }
        }
    }
}

/// The integrator's current step for each object of a block.
struct ResonantSteps<'a> {
    resonances: &'a [Resonance],
    current: [Option<Segment<f64>>; BLOCK],
    columns: [f64; Segment::COUNT * BLOCK],
}

impl<'a> ResonantSteps<'a> {
    fn new(resonances: &'a [Resonance]) -> Self {
        Self {
            resonances,
            current: [None; BLOCK],
            columns: [0.0; Segment::COUNT * BLOCK],
        }
    }

    fn move_to(&mut self, offsets: &[f64], minute: f64) {
        let places = self
            .resonances
            .iter()
            .zip(offsets)
            .zip(&mut self.current)
            .enumerate();
        for (place, ((resonance, offset), current)) in places {
            if matches!(resonance, Resonance::None) {
                continue;
            }
            let t = offset + minute;
            if current
                .as_ref()
                .is_some_and(|segment| Resonance::holds(segment, t))
            {
                continue;
            }
            let segment = resonance.segment(t, current.as_ref());
            segment.scatter(&mut self.columns, place);
            *current = Some(segment);
        }
    }
}

#[inline(always)]
fn keep<S: Simd>(motion: &Motion<S>, values: &mut [f64], codes: &mut [u8], from: usize) {
    for (row, lanes) in motion.position.iter().chain(&motion.velocity).enumerate() {
        if let Some(cells) = values.get_mut(row * BLOCK + from..) {
            lanes.store(cells);
        }
    }
    if motion.code.at_least(0.5).any() {
        let mut found = [0.0; BLOCK];
        motion.code.store(&mut found);
        for (code, found) in codes.iter_mut().skip(from).zip(found).take(S::F64_LANES) {
            *code = found as u8;
        }
    }
}
