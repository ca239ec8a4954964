//! A slab: some segments of the window, screened on their own.

use std::collections::HashMap;

use super::bounds::{Bounds, CHECK_AT, CONTRADICTORY};
use super::encounter::{Encounter, finish};
use super::meet::{self, Stay, Step};
use super::plan::{Pairs, Plan};
use super::sieve::{FEW, Sieve};
use super::track::{NODE_SECONDS, Tracks};
use serde::{Deserialize, Serialize};

use crate::elements::ElementSet;
use crate::epoch;
use crate::propagate::{Fleet, Gravity, Grid};

/// Steps in a segment between two nodes. Each step costs about the same for every object, and the pairs to
/// be compared in all of a segment's steps fall with their number: the more objects, the more steps.
fn steps(objects: usize) -> usize {
    ((objects as f64 / 8000.0).sqrt().round() as usize).clamp(3, 24)
}
/// Room in a stay's distance for the tracks' rounding, km.
const STAY_ROOM: f64 = 0.01;

/// What a screening works on; shared by all threads.
pub(crate) struct Work<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) sets: &'a [&'a ElementSet],
    pub(crate) fleet: &'a Fleet,
    /// Order in the caller's list of the fleet's objects.
    pub(crate) objects: &'a [usize],
    /// Segments in a slab.
    pub(crate) segments: usize,
}

/// An object that could not be followed: its order in the caller's list, from when on (seconds), and
/// whether because its states contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Loss {
    pub(crate) object: usize,
    pub(crate) since: f64,
    pub(crate) contradictory: bool,
}

/// What a slab found.
#[derive(Default)]
pub(crate) struct SlabResult {
    /// Encounters that begin and end within the slab.
    pub(crate) encounters: Vec<Encounter>,
    /// Stays that touch its beginning or its end, in order of their leaving.
    pub(crate) border: Vec<Stay>,
    /// Objects that could not be followed through the slab.
    pub(crate) lost: Vec<Loss>,
}

/// Memory of a thread.
pub(crate) struct Workshop {
    grid: Grid,
    tracks: Tracks,
    bounds: Bounds,
    sieve: Sieve,
    pairs: Vec<(u32, u32)>,
    stays: Vec<Stay>,
    open: HashMap<(usize, usize), (usize, Stay)>,
}

impl<'a> Work<'a> {
    pub(crate) fn slabs(&self) -> usize {
        (self.plan.seconds / self.slab_seconds()).ceil() as usize
    }

    pub(crate) fn slab_seconds(&self) -> f64 {
        self.segments as f64 * NODE_SECONDS
    }

    pub(crate) fn workshop(&self) -> Workshop {
        let gravity = Gravity::WGS72;
        let sets: Vec<&ElementSet> = self
            .objects
            .iter()
            .filter_map(|object| self.sets.get(*object).copied())
            .collect();
        let half_step = 0.5 * NODE_SECONDS / steps(self.objects.len()) as f64;
        let radii: Vec<f64> = sets
            .iter()
            .map(|set| gravity.semi_major_axis(set))
            .collect();
        Workshop {
            grid: Grid::new(),
            tracks: Tracks::default(),
            bounds: Bounds::new(self.fleet, &sets, &gravity),
            sieve: Sieve::new(&gravity, self.plan.threshold, half_step, &radii, self.few()),
            pairs: Vec::new(),
            stays: Vec::new(),
            open: HashMap::new(),
        }
    }

    /// Places of the smaller set of two, if it is small, in order.
    fn few(&self) -> Option<Vec<u32>> {
        let Pairs::Between { first, second } = &self.plan.pairs else {
            return None;
        };
        let size = |set: &[bool]| set.iter().filter(|member| **member).count();
        let (smaller, size) = [first, second]
            .map(|set| (set, size(set)))
            .into_iter()
            .min_by_key(|(_, size)| *size)?;
        let places = self.fleet.objects().iter().zip(0_u32..);
        let is_member = |in_fleet: &Option<usize>| {
            let object = in_fleet.and_then(|object| self.objects.get(object));
            object.and_then(|object| smaller.get(*object)) == Some(&true)
        };
        (size <= FEW).then(|| {
            let members = places.filter(|(in_fleet, _)| is_member(in_fleet));
            members.map(|(_, place)| place).collect()
        })
    }

    /// Screens slab `index`.
    pub(crate) fn screen(&self, index: usize, shop: &mut Workshop) -> SlabResult {
        let gravity = Gravity::WGS72;
        let start = index as f64 * self.slab_seconds();
        let end = (start + self.slab_seconds()).min(self.plan.seconds);
        let segments = ((end - start) / NODE_SECONDS).ceil() as usize;
        let origin = epoch::after(self.plan.start, start);
        let mut minutes: Vec<f64> = (0..=segments)
            .map(|node| node as f64 * NODE_SECONDS / 60.0)
            .collect();
        let last = segments.saturating_sub(1);
        minutes.extend([0, last].map(|segment| (segment as f64 * NODE_SECONDS + CHECK_AT) / 60.0));
        self.fleet.propagate(origin, &minutes, &mut shop.grid);

        shop.bounds.reset();
        for (check, segment) in [0, last].into_iter().enumerate() {
            shop.tracks.fill(self.fleet, &shop.grid, segment, &gravity);
            shop.bounds
                .compare(&shop.tracks, &shop.grid, segments + 1 + check);
        }
        let (lost, contradictory) = self.lost(shop, segments, start);
        let mut result = SlabResult {
            lost,
            ..SlabResult::default()
        };
        shop.open.clear();
        let steps = steps(self.objects.len());
        for segment in 0..segments {
            shop.tracks.fill(self.fleet, &shop.grid, segment, &gravity);
            for place in &contradictory {
                shop.tracks.leave_out(*place);
            }
            let node = start + segment as f64 * NODE_SECONDS;
            for part in 0..steps {
                let length = NODE_SECONDS / steps as f64;
                let from = part as f64 * length;
                let to = (from + length).min(end - node);
                if to <= from {
                    break;
                }
                // The sieve looks at a whole step even where the window ends within it.
                let middle = from + 0.5 * length;
                shop.sieve
                    .pairs(&shop.tracks, &shop.bounds, middle, &mut shop.pairs);
                self.meet(
                    segment * steps + part,
                    Step { node, from, to },
                    shop,
                    &mut result,
                );
            }
        }
        for (_, stay) in shop.open.drain().map(|(_, open)| open) {
            result.border.push(stay);
        }
        // Of one pair, what comes from before the slab goes first.
        result
            .border
            .sort_by_key(|stay| (stay.first, stay.second, !stay.from_start));
        result
            .encounters
            .sort_by_key(|encounter| (encounter.tca, encounter.first, encounter.second));
        result
    }

    /// Looks closely at the pairs of a step, and closes the stays that ended.
    fn meet(&self, number: usize, step: Step, shop: &mut Workshop, result: &mut SlabResult) {
        for (one, two) in &shop.pairs {
            let (one, two) = (*one as usize, *two as usize);
            let object = |place: usize| {
                let in_fleet = self.fleet.objects().get(place).copied().flatten()?;
                self.objects.get(in_fleet).copied()
            };
            let (Some(first), Some(second)) = (object(one), object(two)) else {
                continue;
            };
            if !self.plan.pairs.count(first, second) {
                continue;
            }
            let ((first, one), (second, two)) = if first < second {
                ((first, one), (second, two))
            } else {
                ((second, two), (first, one))
            };
            let error = shop.bounds.error(one) + shop.bounds.error(two) + STAY_ROOM;
            let tracks = (shop.tracks.track(one), shop.tracks.track(two));
            let pair = (first, second);
            let threshold = self.plan.threshold;
            meet::stays(pair, tracks, threshold, error, step, &mut shop.stays);
            for mut stay in shop.stays.drain(..) {
                match shop.open.get_mut(&pair) {
                    Some((until, earlier)) if stay.from_start && *until == number => {
                        earlier.join(&stay);
                        *until = number + 1;
                    }
                    _ => {
                        // What begins with a step counts as begun before only where there is a before.
                        stay.from_start &= number == 0;
                        if let Some((_, mut earlier)) = shop.open.insert(pair, (number + 1, stay)) {
                            earlier.to_end = false;
                            self.close(earlier, result);
                        }
                    }
                }
            }
        }
        let ended: Vec<(usize, usize)> = shop
            .open
            .iter()
            .filter(|(_, (until, stay))| *until <= number || !stay.to_end)
            .map(|(pair, _)| *pair)
            .collect();
        for pair in ended {
            if let Some((_, mut stay)) = shop.open.remove(&pair) {
                stay.to_end = false;
                self.close(stay, result);
            }
        }
    }

    fn close(&self, stay: Stay, result: &mut SlabResult) {
        if stay.from_start {
            result.border.push(stay);
        } else {
            result
                .encounters
                .extend(finish(&stay, self.sets, self.plan));
        }
    }

    /// Objects that cannot be followed, and the places of those whose states contradict each other.
    fn lost(&self, shop: &Workshop, segments: usize, start: f64) -> (Vec<Loss>, Vec<usize>) {
        let mut lost = Vec::new();
        let mut contradictory = Vec::new();
        for (place, in_fleet) in self.fleet.objects().iter().enumerate() {
            let Some(object) = in_fleet
                .and_then(|object| self.objects.get(object))
                .copied()
            else {
                continue;
            };
            let failed = (0..=segments).find(|node| shop.grid.code(place, *node) != Some(0));
            if !shop.bounds.error(place).is_finite() || shop.bounds.error(place) > CONTRADICTORY {
                contradictory.push(place);
                lost.push(Loss {
                    object,
                    since: start,
                    contradictory: true,
                });
            } else if let Some(node) = failed {
                let since = start + node as f64 * NODE_SECONDS;
                lost.push(Loss {
                    object,
                    since,
                    contradictory: false,
                });
            }
        }
        (lost, contradictory)
    }
}
